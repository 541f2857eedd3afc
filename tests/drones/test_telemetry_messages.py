"""Telemetry as JSON: what is refused with which code, what is read, and that the text for integrators is true."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drones.telemetry.fix import AircraftFix, camera_view
from drones.telemetry.messages import FixOfAircraft, TelemetryFixes, decode_telemetry
from drones.telemetry.plausibility import Doubt
from streams.wire import HeartbeatPing, WireError

TEXT = (Path(__file__).resolve().parents[2] / "drones" / "TELEMETRY.md").read_text(encoding="utf-8")
FIX = {"fixed_at": 1795356000000, "latitude": 51.8, "longitude": -0.08}


def refused(message: str | bytes) -> str:
    with pytest.raises(WireError) as refusal:
        decode_telemetry(message)
    return refusal.value.code


def said(*fixes: Any, **more: Any) -> str:
    return json.dumps({"type": "telemetry.fixes", "fixes": list(fixes), **more})


def changed(**changes: Any) -> str:
    return said({**FIX, **changes})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"fixes": []}',
        '{"type": 5}',
        "\ud800",
        "[" * 50_000,
        b"\xff{}",
        changed().replace("51.8", "NaN"),
    ],
)
def test_aircraft_sends_no_message_malformed(text: str | bytes) -> None:
    assert refused(text) == "malformed"


@pytest.mark.parametrize("encode", [str, str.encode])
def test_aircraft_sends_over_64_kib_too_large(encode: Any) -> None:
    assert refused(encode(said(FIX, ref="x" * 65_536))) == "too_large"


@pytest.mark.parametrize("type_", ["duty.fixes", "telemetry.fix", ""])
def test_aircraft_sends_message_of_another_door_unknown_type(type_: str) -> None:
    assert refused(json.dumps({"type": type_, "fixes": [FIX]})) == "unknown_type"


@pytest.mark.parametrize(
    "message",
    [
        said(),
        said(*[FIX] * 121),
        said(FIX, colour="red"),
        changed(colour="red"),
        changed(latitude="51.8"),
        changed(latitude=None),
        changed(longitude=True),
        changed(fixed_at=-1),
        changed(fixed_at="2026-11-22T14:05:27Z"),
        changed(fixed_at=1e300),
        changed(height_m=1e13),
        changed(zoom="2x"),
        changed(battery_percent=[71]),
        said({name: value for name, value in FIX.items() if name != "fixed_at"}),
        said(FIX).replace("51.8", "1" + "0" * 400),
        json.dumps({"type": "telemetry.fixes"}),
        json.dumps({"type": "telemetry.fixes", "fixes": FIX}),
    ],
)
def test_aircraft_sends_wrong_field_invalid_field(message: str) -> None:
    assert refused(message) == "invalid_field"


def test_refusal_carries_the_message_s_own_ref() -> None:
    with pytest.raises(WireError) as refusal:
        decode_telemetry(said(ref="4711"))

    assert refusal.value.ref == "4711"


def test_impossible_fix_is_read_for_it_is_flagged_and_not_refused() -> None:
    frame = decode_telemetry(changed(latitude=1234, battery_percent=-5))

    assert isinstance(frame, TelemetryFixes)
    assert frame.fixes[0].to_fix().latitude == 1234


def test_example_of_the_text_is_read_to_the_last_field() -> None:
    example = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert example is not None

    frame = decode_telemetry(example[1].encode())

    assert isinstance(frame, TelemetryFixes)
    assert frame.ref == "4711"
    assert frame.fixes[0].to_fix() == AircraftFix(
        fixed_at=datetime(2026, 11, 22, 14, 0, tzinfo=UTC),
        latitude=51.79571,
        longitude=-0.08102,
        height_m=90.5,
        altitude_m=138.0,
        heading_deg=271.5,
        speed_mps=8.2,
        gimbal_pitch_deg=-35.0,
        gimbal_yaw_deg=0.0,
        gimbal_roll_deg=0.0,
        zoom=2.0,
        battery_percent=71,
    )


def test_text_names_every_field_code_and_reason() -> None:
    named = set(re.findall(r"`([a-z_]+)`", TEXT))

    assert set(FixOfAircraft.__struct_fields__) <= named
    assert {"malformed", "too_large", "unknown_type", "invalid_field"} <= named
    assert {"key_missing", "key_invalid", "not_in_the_air", "fix_too_old", "rate_limited"} <= named
    assert set(TelemetryFixes.__struct_fields__) <= named
    assert {str(doubt) for doubt in Doubt} <= named


def test_aircraft_may_send_a_heartbeat() -> None:
    assert isinstance(decode_telemetry('{"type": "heartbeat.ping", "sent_at": 1}'), HeartbeatPing)


def test_fix_that_says_where_the_camera_looks_has_a_view() -> None:
    fix = AircraftFix(
        datetime(2026, 11, 22, tzinfo=UTC), 51.8, -0.2, height_m=80, heading_deg=10, gimbal_pitch_deg=-30, zoom=2
    )

    view = camera_view(fix)

    assert view is not None
    assert (view.latitude_deg, view.longitude_deg, view.height_m, view.heading_deg) == (51.8, -0.2, 80, 10)
    assert (view.gimbal_pitch_deg, view.gimbal_yaw_deg, view.gimbal_roll_deg, view.zoom) == (-30, 0, 0, 2)


@pytest.mark.parametrize("missing", ["height_m", "heading_deg", "gimbal_pitch_deg"])
def test_fix_without_height_heading_or_pitch_has_no_view(missing: str) -> None:
    numbers = {"height_m": 80.0, "heading_deg": 10.0, "gimbal_pitch_deg": -30.0}
    del numbers[missing]

    assert camera_view(AircraftFix(datetime(2026, 11, 22, tzinfo=UTC), 51.8, -0.2, **numbers)) is None


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300))
def test_anything_at_all_is_refused_with_a_code_of_the_table(message: str | bytes) -> None:
    assert refused(message) in {"malformed", "too_large", "unknown_type", "invalid_field"}
