"""What drones do on the event loop: telemetry that goes to rows and to screens in one tick."""
