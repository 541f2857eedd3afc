"""The rules of drones, one transaction each."""
