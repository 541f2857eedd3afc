"""Acts of the platform: building forces."""
