"""Which aircraft are bridged and how, what a bridge shows at our own door, and how its standing is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from drones.ingest.bridge import BridgeState
from drones.ingest.reading import Trouble
from drones.models import Aircraft, AircraftKey, Feed, IngestPolicy
from drones.selectors import find_flight, flight_view
from drones.services.bridging import (
    BEARER_LASTS,
    PUSH_STANDS,
    Bridged,
    Standing,
    find_bridge_ingest,
    list_bridged,
    make_bearer,
    note_feed,
)
from drones.services.flights import land_flight
from drones.services.ingest import NotInTheAir
from drones.services.keys import issue_key, revoke_key
from drones.services.secrets import camera_password, keep_password
from forces import clock
from forces.context import ForceRef, Unit, in_force
from streams.broadcasts import FLIGHTS
from streams.ingest import KeyInvalid
from tests.factories.drones import FlightMade, make_aircraft, make_flying, make_key, make_pilot, make_planned
from tests.factories.streams import person

ADMIN = person("force_admin")


def flying(serial: str = "BRIDGED", **fields: Any) -> FlightMade:
    """An aircraft in the air, with a key."""
    aircraft = make_aircraft(serial, **fields)
    make_key(aircraft, now=clock.now())
    return make_flying(aircraft, now=clock.now())


def only() -> Bridged:
    """What is bridged, which is one."""
    (found,) = list_bridged(now=clock.now()).bridged
    return found


def standing_key() -> AircraftKey:
    return AircraftKey.objects.get(revoked_at=None)


def bearer_of(schema: str = "herts") -> str:
    row = standing_key()
    return make_bearer(schema, row.aircraft_id, row.pk)


# --- what opens our own door ---------------------------------------------------------------------------


@pytest.mark.parametrize("bearer", ["slb_", "slb_x", "slb_WyJoZXJ0cyJd:1:x", "slb_a:b:c"])
def test_bearer_that_nobody_made_opens_nothing(in_herts: Unit, bearer: str) -> None:
    flying()

    with pytest.raises(KeyInvalid):
        find_bridge_ingest(bearer, clock.now(), "")


def test_bearer_of_another_force_opens_nothing(in_herts: Unit) -> None:
    flying()

    with pytest.raises(KeyInvalid):
        find_bridge_ingest(bearer_of("beds"), clock.now(), "")


def test_bearer_opens_for_seconds_its_own_aircraft_alone(in_herts: Unit) -> None:
    made = flying()
    bearer = bearer_of()

    opened = find_bridge_ingest(bearer, clock.now(), "")

    assert (opened.session_id, opened.actor.id) == (made.flight.session_id, str(made.flight.aircraft_id))
    with pytest.raises(KeyInvalid):
        find_bridge_ingest(bearer, clock.now() + BEARER_LASTS + timedelta(seconds=1), "")


def test_bearer_opens_nothing_once_the_key_is_revoked_or_replaced(in_herts: Unit) -> None:
    made = flying()
    bearer = bearer_of()
    issue_key(actor=ADMIN, now=clock.now(), aircraft_id=made.flight.aircraft_id)

    with pytest.raises(KeyInvalid):
        find_bridge_ingest(bearer, clock.now(), "")


def test_bearer_opens_nothing_after_the_landing(in_herts: Unit) -> None:
    made = flying()
    land_flight(actor=person(), now=clock.now(), session_id=made.flight.session_id)

    with pytest.raises(NotInTheAir):
        find_bridge_ingest(bearer_of(), clock.now(), "")


# --- what is bridged -----------------------------------------------------------------------------------


def test_nothing_is_bridged_on_the_ground_without_a_key_or_out_of_service(in_herts: Unit) -> None:
    make_key(make_aircraft("PLANNED"), now=clock.now())
    make_planned(make_aircraft("PLANNED"), now=clock.now())
    assert list_bridged(now=clock.now()).bridged == ()

    made = flying()
    revoke_key(actor=ADMIN, now=clock.now(), key_id=AircraftKey.objects.get(aircraft__serial="BRIDGED").pk)
    assert list_bridged(now=clock.now()).bridged == ()

    issue_key(actor=ADMIN, now=clock.now(), aircraft_id=made.flight.aircraft_id)
    assert len(list_bridged(now=clock.now()).bridged) == 1
    Aircraft.objects.filter(serial="BRIDGED").update(is_in_service=False)
    assert list_bridged(now=clock.now()).bridged == ()


def test_aircraft_that_sends_by_whip_alone_is_not_bridged(in_herts: Unit) -> None:
    flying(protocols=["whip"])

    assert list_bridged(now=clock.now()).bridged == ()


def test_host_is_the_forces_own(in_herts: Unit) -> None:
    assert list_bridged(now=clock.now()).host.split(":")[0] == "herts.localhost"


def test_srt_has_a_port_of_its_own_and_a_passphrase_that_changes_with_the_key(in_herts: Unit) -> None:
    made = flying(protocols=["srt"])
    before = only()
    issued = issue_key(actor=ADMIN, now=clock.now(), aircraft_id=made.flight.aircraft_id)
    after = only()

    assert (before.protocol, after.protocol) == ("srt", "srt")
    assert before.srt_port == after.srt_port == issued.srt_port
    assert settings.SRT_PORTS[0] <= after.srt_port <= settings.SRT_PORTS[1]
    assert before.passphrase != after.passphrase == issued.srt_passphrase
    assert 10 <= len(after.passphrase) <= 79


def test_ports_of_forces_do_not_meet_and_the_last_ones_aircraft_has_none(
    copy_db: str, herts: ForceRef, beds: ForceRef
) -> None:
    def ports() -> list[int | None]:
        made = [make_aircraft(f"SRT-{number}", protocols=["srt"]) for number in range(settings.SRT_PORTS_EACH + 1)]
        return [issue_key(actor=ADMIN, now=clock.now(), aircraft_id=aircraft.pk).srt_port for aircraft in made]

    ours, theirs = in_force(herts, ports), in_force(beds, ports)

    assert None not in ours[:-1]
    assert ours[-1] is None
    assert not set(ours[:-1]) & set(theirs[:-1])


def test_camera_is_pulled_with_its_password_which_is_kept_encrypted(in_herts: Unit) -> None:
    IngestPolicy.objects.update(pull_networks="10.20.0.0/16\n10.30.0.0/16")
    made = flying(protocols=["rtsp"], rtsp_address="rtsp://10.20.3.4:8554/live", rtsp_user="pilot")
    aircraft = Aircraft.objects.get(pk=made.flight.aircraft_id)
    keep_password(aircraft, "p@ss/word")
    aircraft.save()

    found = only()

    assert "p@ss" not in Aircraft.objects.get(pk=aircraft.pk).rtsp_password_kept
    assert camera_password(aircraft) == "p@ss/word"
    assert found.camera is not None
    assert (found.camera.host, found.camera.port, found.camera.user) == ("10.20.3.4", 8554, "pilot")
    assert found.camera.password == "p@ss/word"
    assert [str(network) for network in found.networks] == ["10.20.0.0/16", "10.30.0.0/16"]


@pytest.mark.parametrize("wrong", [{"rtsp_password_kept": "of another secret key"}, {"rtsp_address": "rtsp://no one"}])
def test_aircraft_of_which_something_cannot_be_read_keeps_no_other_from_being_bridged(
    in_herts: Unit, wrong: dict[str, str]
) -> None:
    flying(protocols=["srt"])
    camera = make_aircraft("UNREADABLE", protocols=["rtsp"], **{"rtsp_address": "rtsp://10.20.3.4/live", **wrong})
    make_key(camera, now=clock.now())
    make_flying(camera, make_pilot("pilot-2"), now=clock.now())

    assert only().protocol == "srt"


def test_who_pushes_by_rtmp_is_bridged_so_whatever_else_is_ticked(in_herts: Unit) -> None:
    made = flying(protocols=["srt", "rtmp"])
    assert only().protocol == "srt"

    now = clock.now()
    Feed.objects.create(aircraft_id=made.flight.aircraft_id, pushed_at=now)
    assert only().protocol == "rtmp"

    Feed.objects.update(pushed_at=now - PUSH_STANDS)
    assert only().protocol == "srt"


def test_secrets_stand_in_no_words(in_herts: Unit) -> None:
    flying(protocols=["srt"])

    assert only().passphrase not in repr(only())


# --- how a bridge stands -------------------------------------------------------------------------------


def test_states_and_troubles_are_those_of_bridges() -> None:
    assert {state.value for state in BridgeState} == set(Feed.State.values)
    assert max(len(trouble) for trouble in Trouble) <= Feed._meta.get_field("trouble").max_length  # type: ignore[operator]


def test_standing_is_shown_with_the_flight_and_told_once(in_herts: Unit) -> None:
    made = flying()
    refused = Standing("refused", "rtmp", "codec")
    assert shown(made) is None
    before = len(in_herts.broadcasts)

    for _ in range(2):
        note_feed(now=clock.now(), aircraft_id=made.flight.aircraft_id, standing=refused)

    feed = shown(made)
    assert feed is not None
    assert (feed["state"], feed["trouble"], feed["protocol"]) == ("refused", "codec", "rtmp")
    ((topic, told),) = in_herts.broadcasts[before:]
    assert (topic, told["type"], told["session_id"]) == (FLIGHTS, "flight.feed", str(made.flight.session_id))
    assert told["feed"] == feed
    assert told["at"] == feed["changed_at"]

    note_feed(now=clock.now(), aircraft_id=made.flight.aircraft_id, standing=Standing("stopped", "rtmp"))
    assert shown(made) is None
    assert in_herts.broadcasts[-1][1]["feed"] is None


def test_bridge_of_what_has_landed_is_told_to_nobody(in_herts: Unit) -> None:
    made = flying()
    land_flight(actor=person(), now=clock.now(), session_id=made.flight.session_id)
    before = len(in_herts.broadcasts)

    note_feed(now=clock.now(), aircraft_id=made.flight.aircraft_id, standing=Standing("paused", "rtmp", "ended"))

    assert in_herts.broadcasts[before:] == []
    assert shown(made) is None


def shown(made: FlightMade) -> dict[str, Any] | None:
    view: dict[str, Any] | None = flight_view(find_flight(made.flight.session_id))["feed"]
    return view
