"""The ladder's pictures as evidence: never without consent to be recorded, one item per stretch, none lost."""

from __future__ import annotations

import hashlib
import json
import os
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from evidence import stills as storing
from evidence.models import Item, SequencePicture
from evidence.tasks import seal_due, seal_recording
from forces import clock
from forces.audit.models import AuditEntry
from forces.context import ForceRef, in_force
from streams.models import LinkPolicy, Position, Still
from streams.services import publishing
from streams.services.consent import withdraw_consent
from streams.services.ladder import note_rung
from streams.services.recording import want_recording
from streams.services.sessions import end_session
from streams.tasks import sweep_live_stills
from tests.factories.pictures import picture
from tests.factories.streams import Caller, consent, make_consented, person
from tests.streams.test_stills_door import files, phone_of, send

MakeClient = Callable[..., Client]


@pytest.fixture(autouse=True)
def evidence_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is stored to the test; returns the directory."""
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")
    return tmp_path / "evidence"


@pytest.fixture
def caller(live_db: str, herts: ForceRef) -> Caller:
    """Return a caller who agreed to video, and to be recorded."""
    return in_force(herts, make_consented, now=clock.now())


def gathered(directory: Path) -> list[Path]:
    return [path for path in files(directory) if path.parent.name == ".gathered"]


def items(force: ForceRef) -> list[Item]:
    return in_force(force, lambda: list(Item.objects.order_by("registered_at")))


def taken_in(force: ForceRef) -> int:
    return in_force(force, SequencePicture.objects.count)


def given(caller: Caller, **more: Any) -> dict[str, Any]:
    return {"now": clock.now(), "session_id": caller.session.id, **more}


def report(force: ForceRef, caller: Caller, rung: str) -> None:
    in_force(force, lambda: note_rung(actor=caller.actor, rung=rung, reason="line", **given(caller)))


def run(task: Any, **kwargs: Any) -> None:
    task.apply(kwargs={"force": "herts", **kwargs}, headers={"force": "herts"}).get()


def seal(item: Item) -> None:
    run(seal_recording, item_id=str(item.id))


@pytest.mark.parametrize("scopes", [("video",), ("location", "video")])
def test_caller_who_refused_recording_has_nothing_kept(
    live_db: str, herts: ForceRef, force_client: MakeClient, evidence_directory: Path, scopes: Any
) -> None:
    caller = in_force(herts, lambda: make_consented(now=clock.now(), scopes=scopes))

    assert send(phone_of(caller, force_client), picture(), purpose="ladder").status_code == 201

    assert (items(herts), taken_in(herts), gathered(evidence_directory)) == ([], 0, [])


def test_force_that_does_not_record_keeps_nothing(
    live_db: str, herts: ForceRef, force_client: MakeClient, evidence_directory: Path
) -> None:
    def make() -> Caller:
        LinkPolicy.objects.update(recording_by_default=False)
        made = make_consented(now=clock.now())
        LinkPolicy.objects.update(recording_by_default=True)
        return made

    caller = in_force(herts, make)

    assert send(phone_of(caller, force_client), picture(), purpose="ladder").status_code == 201

    assert (items(herts), gathered(evidence_directory)) == ([], [])


@pytest.mark.parametrize("how", ["withdraw", "less", "operator"])
def test_leave_that_ends_while_a_picture_is_stored_keeps_nothing_of_it(
    caller: Caller,
    herts: ForceRef,
    force_client: MakeClient,
    evidence_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    stored = storing.store_live

    def end() -> None:
        if how == "withdraw":
            withdraw_consent(actor=caller.actor, **given(caller))
        elif how == "less":
            consent(caller, now=clock.now(), scopes=("location", "video"))
        else:
            want_recording(actor=person(), on=False, **given(caller))

    def store_and_end(*args: Any, **kwargs: Any) -> Any:
        done = stored(*args, **kwargs)
        assert len(gathered(evidence_directory)) == 2
        in_force(herts, end)
        return done

    monkeypatch.setattr("streams.signalling.stills.store_live", store_and_end)

    answered = send(phone_of(caller, force_client), picture(), purpose="ladder")

    assert answered.status_code == (410 if how == "withdraw" else 201)
    assert (items(herts), taken_in(herts), gathered(evidence_directory)) == ([], 0, [])


@pytest.mark.parametrize("how", ["withdraw", "less", "operator"])
def test_leave_that_ends_stops_the_stretch_at_once_and_keeps_what_was_given_before(
    caller: Caller, herts: ForceRef, force_client: MakeClient, how: str
) -> None:
    phone = phone_of(caller, force_client)
    send(phone, picture(), purpose="ladder")

    if how == "withdraw":
        in_force(herts, lambda: withdraw_consent(actor=caller.actor, **given(caller)))
    elif how == "less":
        in_force(herts, lambda: consent(caller, now=clock.now(), scopes=("location", "video")))
    else:
        in_force(herts, lambda: want_recording(actor=person(), on=False, **given(caller)))

    [item] = items(herts)
    assert item.next_attempt_at is not None
    assert item.next_attempt_at <= clock.now()
    send(phone, picture(hue=90), purpose="ladder")
    assert (len(items(herts)), taken_in(herts)) == (1, 1)


def test_pictures_of_a_stretch_are_one_sealed_item_at_the_end_of_the_session(
    caller: Caller, herts: ForceRef, force_client: MakeClient, evidence_directory: Path
) -> None:
    report(herts, caller, "stills")
    phone, bodies = phone_of(caller, force_client), [picture(hue=hue) for hue in range(8)]
    in_force(herts, lambda: Position.objects.create(**_fix(caller)))
    for body in bodies:
        assert send(phone, body, purpose="ladder").status_code == 201
    in_force(herts, lambda: end_session(actor=person(), reason="operator", **given(caller)))

    [item] = items(herts)
    seal(item)

    [item] = items(herts)
    assert (item.kind, item.state, item.session_id) == ("sequence", "sealed", caller.session.id), item.failure_reason
    with zipfile.ZipFile(evidence_directory / "herts" / str(item.id) / "original.zip") as archive:
        rows = json.loads(archive.read("manifest.json"))["pictures"]
        assert [archive.read(row["file"]) for row in rows] == bodies
    assert [row["sha256"] for row in rows] == [hashlib.sha256(body).hexdigest() for body in bodies]
    assert (rows[0]["position"]["latitude"], rows[0]["position"]["accuracy_m"]) == (51.76, 8.0)
    assert gathered(evidence_directory) == []
    shown = force_client("operator").get(f"/api/v1/items/{item.id}/").json()
    assert (shown["picture_count"], [row["sha256"] for row in shown["pictures"]]) == (8, [r["sha256"] for r in rows])
    seals = AuditEntry.objects.filter(act="item.seal", object_id=str(item.id))
    assert in_force(herts, lambda: seals.count()) == 1


def _fix(caller: Caller) -> dict[str, Any]:
    now = clock.now()
    where = {"latitude": 51.76, "longitude": -0.24, "accuracy_m": 8.0}
    return {"session_id": caller.session.id, "fixed_at": now, "received_at": now, **where}


def test_place_that_was_old_when_it_came_is_not_where_a_picture_was_taken(
    caller: Caller, herts: ForceRef, force_client: MakeClient
) -> None:
    old = {**_fix(caller), "fixed_at": clock.now() - timedelta(minutes=59)}
    in_force(herts, lambda: Position.objects.create(**old))

    assert send(phone_of(caller, force_client), picture(), purpose="ladder").status_code == 201

    assert in_force(herts, SequencePicture.objects.get).position is None


def test_next_stretch_is_an_item_of_its_own(
    caller: Caller, herts: ForceRef, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, start = phone_of(caller, force_client), clock.now()
    report(herts, caller, "stills")
    send(phone, picture(), purpose="ladder")
    report(herts, caller, "video_low")
    [first] = items(herts)
    assert first.next_attempt_at == pytest.approx(start + timedelta(seconds=10), abs=timedelta(seconds=5))

    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=20))
    seal(first)
    report(herts, caller, "stills")
    send(phone, picture(hue=90), purpose="ladder")

    assert [(item.state, item.kind) for item in items(herts)] == [("sealed", "sequence"), ("sealing", "sequence")]


def test_phone_that_falls_silent_has_its_stretch_sealed_by_the_sweep(
    caller: Caller, herts: ForceRef, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(phone_of(caller, force_client), picture(), purpose="ladder")
    sent: list[Any] = []
    monkeypatch.setattr("evidence.tasks.send_force_task", lambda force, name, kwargs, **_: sent.append(kwargs))
    run(seal_due)
    assert sent == []

    later = clock.now() + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    run(seal_due)

    assert sent == [{"item_id": str(items(herts)[0].id)}]


def test_picture_that_was_acknowledged_outlives_the_process_and_one_that_was_not_leaves_nothing(
    caller: Caller, herts: ForceRef, force_client: MakeClient, evidence_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for a process that ends on the spot."""

    def kill(*_: object, **__: object) -> None:
        raise Killed

    phone = phone_of(caller, force_client)
    assert send(phone, picture(), purpose="ladder").status_code == 201
    with monkeypatch.context() as broken:
        broken.setattr("streams.services.stills.keep_still", kill)
        broken.setattr("streams.signalling.stills._erase", lambda *_: None)
        with pytest.raises(Killed):
            send(phone, picture(hue=90), purpose="ladder")
    assert len(gathered(evidence_directory)) == 4

    for path in gathered(evidence_directory):
        os.utime(path, (time.time() - 61, time.time() - 61))
    run(sweep_live_stills)

    assert (len(gathered(evidence_directory)), taken_in(herts)) == (2, 1)
    in_force(herts, lambda: publishing.end_session_streams(actor=caller.actor, reason="stopped", **given(caller)))
    seal(items(herts)[0])
    assert (items(herts)[0].state, items(herts)[0].is_complete) == ("sealed", True)


def test_gallery_has_no_entry_for_the_pictures_of_a_stretch(
    caller: Caller, herts: ForceRef, force_client: MakeClient
) -> None:
    for hue in range(3):
        send(phone_of(caller, force_client), picture(hue=hue), purpose="ladder")

    assert len(items(herts)) == 1
    assert not in_force(herts, lambda: Still.objects.exclude(item_id=None).exists())
