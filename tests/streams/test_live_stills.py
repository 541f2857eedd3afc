"""The pictures that stand for video: gone with the video that was ended on purpose, from the rows and from the disk."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from evidence import storage
from forces import clock
from forces.context import ForceRef, in_force
from streams.models import Still
from streams.services import publishing
from streams.services.consent import withdraw_consent
from streams.services.sessions import end_session
from streams.tasks import sweep_live_stills
from tests.factories.media import make_connecting, make_live
from tests.factories.pictures import picture
from tests.factories.streams import Caller, make_consented, person
from tests.streams.test_stills_door import files, phone_of, send

MakeClient = Callable[..., Client]


@pytest.fixture(autouse=True)
def evidence_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is stored to the test; returns the directory."""
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")
    return tmp_path / "evidence"


@pytest.fixture
def caller(live_db: str, herts: ForceRef) -> Caller:
    """Return a caller who agreed to video."""
    return in_force(herts, make_consented, now=clock.now())


def sweep() -> None:
    sweep_live_stills.apply(kwargs={"force": "herts"}, headers={"force": "herts"}).get()


def grow_old(directory: Path) -> None:
    for path in files(directory):
        os.utime(path, (time.time() - 61, time.time() - 61))


def live_files(directory: Path) -> list[Path]:
    """Those that are only looked at; what is kept of them as evidence lies apart."""
    return files(directory / "herts" / ".live")


def end(caller: Caller, how: str) -> None:
    given: dict[str, Any] = {"now": clock.now(), "session_id": caller.session.id}
    if how == "consent":
        withdraw_consent(actor=caller.actor, **given)
    elif how == "session":
        end_session(actor=person(), reason="operator", **given)
    else:
        publishing.end_session_streams(actor=caller.actor, reason="stopped", **given)


@pytest.mark.parametrize("how", ["consent", "session", "video"])
def test_operator_looks_at_the_ladders_pictures_after_the_end_refused(
    caller: Caller, herts: ForceRef, force_client: MakeClient, evidence_directory: Path, how: str
) -> None:
    still_id = send(phone_of(caller, force_client), picture(), purpose="ladder").json()["id"]
    path = f"/api/v1/sessions/{caller.session.id}/stills/{still_id}/"
    assert force_client("operator").get(path).status_code == 200

    in_force(herts, lambda: end(caller, how))

    assert force_client("operator").get(path).status_code == 404
    grow_old(evidence_directory)
    sweep()
    assert live_files(evidence_directory) == []


def test_phone_sends_a_picture_in_place_of_video_that_the_caller_stopped_refused(
    caller: Caller, herts: ForceRef, force_client: MakeClient, evidence_directory: Path
) -> None:
    in_force(herts, lambda: make_live(caller, now=clock.now()))
    phone = phone_of(caller, force_client)
    assert send(phone, picture(), purpose="ladder").status_code == 201
    in_force(herts, lambda: end(caller, "video"))

    refused = send(phone, picture(), purpose="ladder")
    assert (refused.status_code, refused.json()["code"]) == (409, "stream_over")
    assert in_force(herts, Still.objects.count) == 0

    in_force(herts, lambda: make_connecting(caller, now=clock.now()))
    assert send(phone, picture(), purpose="ladder").status_code == 201


def test_pictures_that_are_evidence_stay_after_the_end(
    caller: Caller, herts: ForceRef, force_client: MakeClient, evidence_directory: Path
) -> None:
    send(phone_of(caller, force_client), picture())

    in_force(herts, lambda: end(caller, "consent"))

    grow_old(evidence_directory)
    sweep()
    assert len(files(evidence_directory)) == 3
    assert in_force(herts, Still.objects.count) == 1


def test_sweep_leaves_what_is_news_or_is_being_stored(
    caller: Caller, herts: ForceRef, force_client: MakeClient, evidence_directory: Path
) -> None:
    phone = phone_of(caller, force_client)
    still_id = send(phone, picture(), purpose="ladder").json()["id"]
    grow_old(evidence_directory)
    new = storage.live_directory("herts", caller.session.id) / "stored-and-not-noted-yet.jpg"
    new.write_bytes(b"x")

    sweep()

    assert {path.name for path in live_files(evidence_directory)} == {f"{still_id}.jpg", new.name}
