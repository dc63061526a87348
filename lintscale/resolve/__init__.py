"""From what files declare to what it comes to: joins, environments, instances, pools."""
