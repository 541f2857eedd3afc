"""A private nginx in front of the web processes, and the internal server for the doors of machines."""
