"""Live sessions and officers of the console's benchmark, as the wire has them."""

import random
from typing import Any

TOWNS = (
    (51.7640, -0.2245),
    (51.7527, -0.3394),
    (51.6565, -0.3903),
    (51.9022, -0.2016),
    (51.8098, -0.0278),
    (51.8783, -0.4200),
)
NAMES = (
    "Amir Khan",
    "Beth Cole",
    "Carl Dean",
    "Dina Ross",
    "Evan Hughes",
    "Fay Moore",
    "Gita Patel",
    "Hal Burns",
    "Iris Cook",
)
SKILLS = ("Armed", "Taser", "Dog", "Drone pilot", "First aid", "Public order")
STATUSES = ("available", "available", "available", "en_route", "at_scene")


def officer_view(index: int, fixed_at: str, chance: random.Random) -> dict[str, Any]:
    """Return one officer on duty near one of the towns, whose position is of ``fixed_at``."""
    latitude, longitude = TOWNS[index % len(TOWNS)]
    fix = {
        "latitude": latitude + chance.gauss(0, 0.03),
        "longitude": longitude + chance.gauss(0, 0.05),
        "accuracy_m": chance.choice((5.0, 8.0, 14.0, 40.0)),
        "heading_deg": None,
        "speed_mps": chance.choice((None, 0.0, 4.2, 13.0)),
        "fixed_at": fixed_at,
        "received_at": fixed_at,
        "is_late": False,
    }
    return {
        "id": str(1000 + index),
        "name": f"{NAMES[index % len(NAMES)]} {index}",
        "number": str(4000 + index),
        "role": chance.choice(("officer", "officer", "officer", "pcso", "scenes_of_crime")),
        "team": f"Response {'ABCDE'[index % 5]}",
        "skills": sorted(chance.sample(SKILLS, chance.choice((0, 1, 2)))),
        "languages": "",
        "status": chance.choice(STATUSES),
        "status_at": fixed_at,
        "began_at": fixed_at,
        "fix": fix,
        "session_id": None,
    }


def live_session(index: int, at: str) -> dict[str, Any]:
    """Return a caller's session with a live picture."""
    latitude, longitude = TOWNS[index % len(TOWNS)]
    place = {
        "latitude": latitude + index / 500,
        "longitude": longitude,
        "accuracy_m": 9.0,
        "fixed_at": at,
        "received_at": at,
    }
    grid = {
        "easting": None,
        "northing": None,
        "grid_reference": None,
        "altitude_m": None,
        "heading_deg": None,
        "speed_mps": None,
    }
    stream = {
        "id": f"s{index}",
        "state": "live",
        "live_at": at,
        "stalled_at": None,
        "last_media_at": at,
        "ended_at": None,
    }
    consent = {
        "scopes": ["location", "video"],
        "given_at": at,
        "withdrawn_at": None,
        "wording_version": 1,
        "language": "en",
    }
    return {
        **_incident(index),
        **{"id": f"session-{index}", "revision": 1, "state": "live", "kind": "caller", "officer": None},
        **{"link_kind": "location_video", "phone_number_masked": "•••• •••123", "email_masked": "", "language": "en"},
        **{
            "safe_mode": False,
            "created_at": at,
            "created_by_name": "Operator",
            "assigned_to": {"id": "1", "name": "Operator"},
        },
        **{"handover": None, "attention": None, "opened_at": at, "consented_at": at, "live_at": at, "ended_at": None},
        **{"ended_by_kind": "", "end_reason": "", "invitation": None, "risk": None, "consent": consent},
        **{"stream": {**stream, "end_reason": None}, "last_position": {**place, **grid}},
        **{
            "recording": {"wanted": False, "state": "off", "since": None, "alarm_reason": ""},
            "progress": None,
            "rung": None,
        },
        **{"watchers": [], "shares": [], "outcome": None},
    }


def _incident(index: int) -> dict[str, Any]:
    reference = f"HERTS-2611-{index:04}"
    kind = {"type": "rtc", "type_label": "Road traffic collision", "description": ""}
    return {
        "incident": {"id": f"i{index}", "reference": reference, "external_reference": f"CAD {1200 + index}", **kind}
    }
