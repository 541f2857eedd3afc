"""What a simulated drone was given: its key, and where each protocol is listened for, as the seed wrote them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streams.simulation.errors import SimulationError

PROTOCOLS = ("rtmp", "srt", "rtsp", "whip")


@dataclass(frozen=True, slots=True)
class SimulatedAircraft:
    """One aircraft of the demonstration; `base_url` is its force's, without a slash at the end."""

    protocol: str
    base_url: str
    id: str
    name: str
    key: str = field(repr=False)
    rtmp_port: int
    rtsp_port: int
    srt_port: int | None
    srt_passphrase: str = field(repr=False)


def read_aircraft(path: Path, schema: str, protocol: str) -> SimulatedAircraft:
    """The force's aircraft that sends by `protocol`. Raises SimulationError when the file has none."""
    try:
        force: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["forces"][schema]
        return SimulatedAircraft(protocol, force["base_url"].rstrip("/"), **force["aircraft"][protocol])
    except (OSError, ValueError, TypeError) as error:
        raise SimulationError(f"{path} can not be read: {error}") from error
    except KeyError as error:
        raise SimulationError(f"{path} has no {error} for {protocol} of {schema}") from error
