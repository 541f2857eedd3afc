"""Doors of aircraft that stay open: a websocket, and a port for MAVLink."""
