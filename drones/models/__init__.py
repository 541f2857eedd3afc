"""Every table of the drones app; all of them live in the schema of one force."""

from drones.models.aircraft import Aircraft, AircraftKey
from drones.models.feed import Feed, IngestPolicy
from drones.models.flight import Flight
from drones.models.telemetry import AircraftPoint, TelemetryPolicy

__all__ = ["Aircraft", "AircraftKey", "AircraftPoint", "Feed", "Flight", "IngestPolicy", "TelemetryPolicy"]
