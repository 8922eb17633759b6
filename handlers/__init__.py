"""What ships with the server and gives it its purpose: always on, by the same door as plugins."""
