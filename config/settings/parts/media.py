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
