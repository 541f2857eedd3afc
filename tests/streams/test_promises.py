"""Uploads that are announced and not there yet count together, within a force and on the disk that all forces share."""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from evidence import arrivals
from evidence import stills as storing
from evidence.errors import NoRoom
from forces import clock
from forces.context import ForceRef, in_force
from streams.models import Upload
from streams.services import promises, uploads
from streams.services.consent import withdraw_consent
from streams.services.promises import TooMuchPromised, promised_bytes
from streams.tasks import sweep_uploads
from tests.factories.streams import Caller
from tests.streams.test_uploads_door import add, begin, files, make_sender, phone_of, row

MakeClient = Callable[..., Client]
BLOCK = 4_096
SIZE = 100 * BLOCK


@pytest.fixture(autouse=True)
def evidence_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is stored to the test; returns the directory."""
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")
    return tmp_path / "evidence"


@pytest.fixture
def new_phone(live_db: str, herts: ForceRef, force_client: MakeClient) -> Callable[[], Client]:
    """Return a function that makes another caller of Hertfordshire's, who agreed to send files."""
    return lambda: phone_of(in_force(herts, make_sender), force_client)


@pytest.fixture
def small_disk(evidence_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave room for two and a half files of SIZE besides what recordings need, by what is allocated in earnest."""

    def usage(_: object) -> SimpleNamespace:
        taken = sum(path.stat().st_blocks * 512 for path in files(evidence_directory))
        return SimpleNamespace(free=storing.LEAST_ROOM_BYTES + SIZE * 5 // 2 - taken)

    monkeypatch.setattr("evidence.stills.shutil.disk_usage", usage)


def sweep(now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)
    sweep_uploads.apply(kwargs={"force": "herts"}, headers={"force": "herts"}).get()


def test_caller_announces_more_than_the_force_may_promise_refused(
    new_phone: Callable[[], Client], herts: ForceRef, evidence_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "MOST_PROMISED_BYTES", 1_000)
    assert begin(new_phone(), 600).status_code == 201

    refused = begin(new_phone(), 401)

    assert (refused.status_code, refused.json()["code"]) == (507, "too_much_promised")
    assert (in_force(herts, Upload.objects.count), len(files(evidence_directory))) == (1, 1)
    assert begin(new_phone(), 400).status_code == 201


@pytest.mark.usefixtures("small_disk")
def test_callers_of_two_forces_announce_more_than_the_disk_has_refused(
    new_phone: Callable[[], Client], herts: ForceRef, beds: ForceRef, force_client: MakeClient, evidence_directory: Path
) -> None:
    other = phone_of(in_force(beds, make_sender), force_client, schema="beds")
    assert begin(new_phone(), SIZE).status_code == 201
    assert begin(other, SIZE).status_code == 201

    refused = begin(new_phone(), SIZE)

    assert (refused.status_code, refused.json()["code"]) == (507, "no_room")
    assert len(files(evidence_directory)) == 2
    assert (in_force(herts, Upload.objects.count), in_force(beds, Upload.objects.count)) == (1, 1)
    assert in_force(herts, promised_bytes, clock.now()) == SIZE


@pytest.mark.usefixtures("small_disk")
@pytest.mark.parametrize("how", ["time", "consent"])
def test_upload_that_is_given_up_frees_what_it_was_promised(
    live_db: str, herts: ForceRef, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(promises, "MOST_PROMISED_BYTES", SIZE)
    caller, now = in_force(herts, make_sender), clock.now()
    begin(phone_of(caller, force_client), SIZE)
    other = phone_of(in_force(herts, make_sender), force_client)
    assert begin(other, SIZE).json()["code"] == "too_much_promised"

    if how == "consent":
        in_force(herts, lambda: withdraw_consent(actor=caller.actor, now=now, session_id=caller.session.id))
    later = now + (uploads.KEPT if how == "time" else timedelta(0)) + timedelta(seconds=1)
    sweep(later, monkeypatch)

    assert in_force(herts, promised_bytes, later) == 0
    assert files(settings.EVIDENCE_DIR) == []
    assert begin(other, SIZE).status_code == 201


def test_piece_that_arrives_is_promised_no_more(
    new_phone: Callable[[], Client], herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "MOST_PROMISED_BYTES", 10)
    phone = new_phone()
    address = begin(phone, 10).headers["Location"]

    add(phone, address, 0, b"123456")

    assert in_force(herts, promised_bytes, clock.now()) == 4
    assert begin(new_phone(), 7).json()["code"] == "too_much_promised"
    add(phone, address, 6, b"7890")
    assert in_force(herts, promised_bytes, clock.now()) == 0
    assert begin(new_phone(), 7).status_code == 201


def test_callers_who_announce_at_the_same_moment_are_promised_once(
    live_db: str, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "MOST_PROMISED_BYTES", 1_500)
    callers = [in_force(herts, make_sender) for _ in range(6)]

    def announce(caller: Caller) -> bool:
        given: dict[str, Any] = {"session_id": caller.session.id, "file_name": "clip.mp4", "holder": uuid4().hex}
        try:
            in_force(
                herts, lambda: uploads.begin_upload(actor=caller.actor, now=clock.now(), whole_bytes=1_000, **given)
            )
        except TooMuchPromised:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        promised = list(threads.map(announce, callers))

    assert promised.count(True) == 1
    assert in_force(herts, promised_bytes, clock.now()) == 1_000


def test_room_is_taken_before_anything_arrives_and_nothing_counts_as_arrived() -> None:
    upload_id = uuid4()
    arrivals.reserve("herts", upload_id, SIZE)

    path = arrivals.arrival_path("herts", upload_id)
    assert path.stat().st_blocks * 512 >= SIZE
    assert arrivals.arrived_bytes("herts", upload_id) == 0
    assert arrivals.add_piece("herts", upload_id, 0, b"x" * 10, SIZE) == 10


@pytest.mark.parametrize(("said", "error"), [(errno.EOPNOTSUPP, None), (errno.ENOSPC, NoRoom), (errno.EIO, OSError)])
def test_file_system_that_cannot_take_room_is_no_reason_to_refuse(
    monkeypatch: pytest.MonkeyPatch, said: int, error: Any
) -> None:
    def fail(*_: object) -> int:
        ctypes.set_errno(said)
        return -1

    monkeypatch.setattr(arrivals, "_LIBC", SimpleNamespace(fallocate=fail))
    upload_id = uuid4()
    if error is None:
        arrivals.reserve("herts", upload_id, SIZE)
        return
    with pytest.raises(error):
        arrivals.reserve("herts", upload_id, SIZE)
    assert not arrivals.arrival_path("herts", upload_id).exists()


def test_upload_is_whole_with_room_taken_for_it(new_phone: Callable[[], Client], herts: ForceRef) -> None:
    phone = new_phone()
    address = begin(phone, 10).headers["Location"]
    add(phone, address, 0, b"1234567890")

    assert row(herts, address.split("/")[-2]).state == "checking"
