"""What an aircraft's camera sees, as it is drawn and kept: from a fix and the angles of view of the aircraft."""

from __future__ import annotations

from drones.footprint import Camera, find_footprint
from drones.models import Aircraft
from drones.telemetry.fix import camera_view
from drones.telemetry.plausibility import JudgedFix

Outline = list[list[float | bool]]

# A hundred-thousandth of a degree is a metre; finer than that a camera's outline is not known.
_DIGITS = 6


def camera_of(aircraft: Aircraft) -> Camera:
    """Return the camera of an aircraft, with a picture of size 1: places in it are shares of width and height."""
    return Camera(aircraft.horizontal_fov_deg, aircraft.vertical_fov_deg, 1, 1)


def outline_of(aircraft: Aircraft, judged: JudgedFix) -> Outline | None:
    """Return `[latitude, longitude, is_cut]` of each corner, clockwise; None where it is not known, or not believed.

    Empty where the camera sees no ground.
    """
    view = camera_view(judged.fix) if judged.has_believable_view else None
    if view is None:
        return None
    footprint = find_footprint(view, camera_of(aircraft))
    return [
        [round(corner.latitude_deg, _DIGITS), round(corner.longitude_deg, _DIGITS), corner.is_cut]
        for corner in footprint.vertices
    ]
