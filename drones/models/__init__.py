"""Every table of the drones app; all of them live in the schema of one force."""

from drones.models.aircraft import Aircraft, AircraftKey

__all__ = ["Aircraft", "AircraftKey"]
