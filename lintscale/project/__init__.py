"""From a folder to what its files declare: configuration, discovery, reading, rendering."""
