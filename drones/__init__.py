"""Drones: live aerial video and its ingest. Reserved place in the layer stack."""
