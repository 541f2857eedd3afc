"""Uploads whose last piece was written, and the process that wrote it died before it could say so."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from evidence import arrivals
from forces import clock
from forces.context import ForceRef, in_force
from streams.services import uploads
from streams.services.consent import withdraw_consent
from streams.tasks import sweep_uploads
from tests.factories.pictures import picture
from tests.factories.streams import Caller
from tests.streams.test_uploads_door import (
    MakeClient,
    add,
    ask,
    begin,
    files,
    film,
    make_sender,
    phone_of,
    row,
    seal,
    send,
)


@pytest.fixture(autouse=True)
def evidence_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is stored to the test; returns the directory."""
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")
    return tmp_path / "evidence"


@pytest.fixture
def caller(live_db: str, herts: ForceRef) -> Caller:
    """Return a caller who agreed to send files."""
    return in_force(herts, make_sender)


@pytest.fixture
def phone(caller: Caller, force_client: MakeClient) -> Client:
    """Return the caller's browser."""
    return phone_of(caller, force_client)


def written_and_not_noted(phone: Client) -> str:
    """Send a picture whose last bytes reach the disk only; returns its address."""
    content = picture()
    address = str(begin(phone, len(content)).headers["Location"])
    assert add(phone, address, 0, content[:-10]).status_code == 204
    arrivals.add_piece("herts", id_of(address), len(content) - 10, content[-10:], len(content))
    return address


def id_of(address: str) -> UUID:
    return UUID(address.split("/")[-2])


def sweep() -> None:
    sweep_uploads.apply(kwargs={"force": "herts"}, headers={"force": "herts"}).get()


def test_phone_that_asks_again_has_its_file_kept(phone: Client, herts: ForceRef) -> None:
    address = written_and_not_noted(phone)

    assert ask(phone, address).headers["Upload-Offset"] == str(len(picture()))

    assert row(herts, id_of(address)).state == "checking"
    assert seal(herts, id_of(address)).state == "sealed"


def test_phone_that_never_comes_back_has_its_file_kept(phone: Client, herts: ForceRef) -> None:
    address = written_and_not_noted(phone)

    sweep()

    assert row(herts, id_of(address)).state == "checking"
    assert seal(herts, id_of(address)).state == "sealed"


def test_file_whose_consent_was_taken_back_is_not_kept(
    phone: Client, caller: Caller, herts: ForceRef, evidence_directory: Path
) -> None:
    address = written_and_not_noted(phone)
    given: dict[str, Any] = {"actor": caller.actor, "now": clock.now(), "session_id": caller.session.id}
    in_force(herts, lambda: withdraw_consent(**given))

    assert ask(phone, address).status_code in (403, 410)
    sweep()

    assert (row(herts, id_of(address)).state, files(evidence_directory)) == ("expired", [])


def test_file_that_is_not_whole_is_not_finished_by_the_sweep(phone: Client, herts: ForceRef) -> None:
    address = begin(phone, 10).headers["Location"]
    add(phone, address, 0, b"12345")

    sweep()

    assert row(herts, id_of(address)).state == "arriving"
    assert in_force(herts, uploads.list_arriving) == [uploads.OpenUpload(id_of(address), 10)]


def test_film_of_a_codec_that_nobody_knows_is_refused_at_once(phone: Client, herts: ForceRef) -> None:
    strange = film().replace(b"avc1", b"zzz9").replace(b"avcC", b"zzzC")

    item = seal(herts, send(phone, strange))

    assert (item.state, item.failure_reason) == ("failed", "type_refused")


def test_picture_that_is_all_beginning_is_refused_without_a_walk(phone: Client, herts: ForceRef) -> None:
    upload_id = send(phone, b"\xff\xd8" + b"\xff" * 30_000_000)
    began = time.process_time()

    assert seal(herts, upload_id).failure_reason == "type_refused"
    assert time.process_time() - began < 1.5
