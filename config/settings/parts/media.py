"""Janus, coturn, recordings and sealed items."""

import os
from pathlib import Path

_state = Path(__file__).resolve().parents[3] / ".run"

JANUS_URL = os.environ.get("SIGHTLINE_JANUS_URL", "")
JANUS_ADMIN_URL = os.environ.get("SIGHTLINE_JANUS_ADMIN_URL", "")
JANUS_API_SECRET = os.environ.get("SIGHTLINE_JANUS_API_SECRET", "")
JANUS_ADMIN_KEY = os.environ.get("SIGHTLINE_JANUS_ADMIN_KEY", "")
JANUS_ROOM_KEY = os.environ.get("SIGHTLINE_JANUS_ROOM_KEY", "")
JANUS_EVENTS_PASSWORD = os.environ.get("SIGHTLINE_JANUS_EVENTS_PASSWORD", "")
TURN_URLS = tuple(url for url in os.environ.get("SIGHTLINE_TURN_URLS", "").split(",") if url)
TURN_SECRET = os.environ.get("SIGHTLINE_TURN_SECRET", "")
RECORDINGS_DIR = Path(os.environ.get("SIGHTLINE_RECORDINGS_DIR", _state / "recordings"))
EVIDENCE_DIR = Path(os.environ.get("SIGHTLINE_EVIDENCE_DIR", _state / "evidence"))
FFMPEG = os.environ.get("SIGHTLINE_FFMPEG", "ffmpeg")
MAP_TILES_URL = os.environ.get("SIGHTLINE_MAP_TILES_URL", "")

# Where aircraft and encoders are listened for; RTMP is taken by nginx, SRT by the bridges, MAVLink by `run_telemetry`.
INGEST_ADDRESS = os.environ.get("SIGHTLINE_INGEST_ADDRESS", "127.0.0.1")
RTMP_PORT = int(os.environ.get("SIGHTLINE_RTMP_PORT", "1935"))
# Where, on loopback, the RTMP server itself listens, at which bridges read.
RTMP_INSIDE_PORT = int(os.environ.get("SIGHTLINE_RTMP_INSIDE_PORT", "1934"))
SRT_PORTS = tuple(int(port) for port in os.environ.get("SIGHTLINE_SRT_PORTS", "9000-9399").split("-"))
# As many aircraft of each force may send by SRT: each has a port of its own.
SRT_PORTS_EACH = int(os.environ.get("SIGHTLINE_SRT_PORTS_EACH", "8"))
# Where they say by MAVLink (UDP) where they are: one port for every force.
MAVLINK_PORT = int(os.environ.get("SIGHTLINE_MAVLINK_PORT", "14550"))
# Cameras of tests and demonstrations run on this machine; in earnest none does, and none is pulled from here.
CAMERAS_MAY_BE_HERE = False
# The loopback listener of machines, by which bridges reach the door of devices.
MACHINE_PORT = int(os.environ.get("SIGHTLINE_MACHINE_PORT", "8006"))
