"""What the files of a program say: how it starts, the pools it makes, what it depends on."""
