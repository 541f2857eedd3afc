"""The doors of uploads: who may send files, that offsets are true, and what becomes of what was sent."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from evidence import arrivals, erasing, sealing, storage
from evidence import stills as storing
from evidence.models import Item, ItemFile
from forces import clock
from forces.context import ForceRef, in_force
from streams.models import Upload
from streams.selectors import CALLER_COOKIE, write_caller_cookie
from streams.services import uploads
from streams.services.consent import withdraw_consent
from streams.services.sessions import end_session
from streams.tasks import sweep_uploads
from tests.factories.pictures import bomb_png, picture
from tests.factories.streams import Caller, make_consented, person

MakeClient = Callable[..., Client]
DOOR = "/live/uploads/"
HTML = b"<!doctype html><script>alert(1)</script>" * 10
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture(autouse=True)
def evidence_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is stored to the test; returns the directory."""
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")
    return tmp_path / "evidence"


def make_sender() -> Caller:
    return make_consented(now=clock.now(), link_kind="location_upload", scopes=("location", "upload"))


@pytest.fixture
def caller(live_db: str, herts: ForceRef) -> Caller:
    """Return a caller who agreed to send files."""
    return in_force(herts, make_sender)


def phone_of(caller: Caller | None, force_client: MakeClient, **options: Any) -> Client:
    client = force_client(**options)
    if caller is not None:
        client.cookies[CALLER_COOKIE] = write_caller_cookie(caller.ticket)
    return client


@pytest.fixture
def phone(caller: Caller, force_client: MakeClient) -> Client:
    """Return the caller's browser."""
    return phone_of(caller, force_client)


def begin(client: Client, size: object, *, name: str = "clip.mp4", **headers: str) -> Any:
    named = base64.b64encode(name.encode()).decode()
    given = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": f"filename {named}", **headers}
    return client.post(DOOR, headers=given)


def add(client: Client, address: str, offset: object, piece: bytes, **headers: str) -> Any:
    given = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), **headers}
    return client.patch(address, piece, content_type="application/offset+octet-stream", headers=given)


def ask(client: Client, address: str) -> Any:
    return client.head(address, headers={"Tus-Resumable": "1.0.0"})


def send(client: Client, content: bytes, **given: str) -> UUID:
    """Send a file whole; returns its id."""
    address = begin(client, len(content), **given).headers["Location"]
    for offset in range(0, len(content), 3_000_000):
        answered = add(client, address, offset, content[offset : offset + 3_000_000])
        assert answered.status_code == 204, answered.content
    return UUID(address.split("/")[-2])


def row(force: ForceRef, upload_id: object) -> Upload:
    return in_force(force, lambda: Upload.objects.get(pk=str(upload_id)))


def seal(force: ForceRef, upload_id: UUID) -> Item:
    sealing.seal(force, upload_id, clock.now)
    return in_force(force, lambda: Item.objects.get(pk=upload_id))


def files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


@cache
def film(seconds: int = 2, kind: str = "mp4") -> bytes:
    """Return a short film with sound, its index at its end as phones write it."""
    path = Path(f"/tmp/film-{uuid4().hex}.{kind}")
    drawn = ["-f", "lavfi", "-i", f"testsrc=size=640x360:duration={seconds}", "-f", "lavfi", "-i", "sine=440"]
    coded = ["-c:v", "libvpx" if kind == "webm" else "libx264", "-pix_fmt", "yuv420p", "-shortest"]
    subprocess.run([str(settings.FFMPEG), "-v", "error", *drawn, *coded, "-t", str(seconds), str(path)], check=True)
    content = path.read_bytes()
    path.unlink()
    return content


@pytest.fixture
def nothing_kept(live_db: str, herts: ForceRef, evidence_directory: Path) -> Iterator[None]:
    """Check after the test that no row and no file was kept."""
    yield
    assert in_force(herts, Upload.objects.count) == 0
    assert files(evidence_directory) == []


@pytest.mark.usefixtures("caller", "nothing_kept")
def test_stranger_without_a_ticket_begins_refused(force_client: MakeClient) -> None:
    answered = begin(phone_of(None, force_client), 10)

    assert (answered.status_code, answered.json()["code"]) == (409, "link_not_opened")


@pytest.mark.usefixtures("caller", "nothing_kept")
def test_ticket_of_another_force_begins_no_upload(beds: ForceRef, force_client: MakeClient) -> None:
    assert begin(phone_of(in_force(beds, make_sender), force_client), 10).status_code == 404


@pytest.mark.usefixtures("nothing_kept")
def test_other_site_begins_without_the_token_refused(caller: Caller, force_client: MakeClient) -> None:
    assert begin(phone_of(caller, force_client, enforce_csrf_checks=True), 10).status_code == 403


def test_other_site_adds_without_the_token_refused(caller: Caller, phone: Client, force_client: MakeClient) -> None:
    address = begin(phone, 10).headers["Location"]

    assert add(phone_of(caller, force_client, enforce_csrf_checks=True), address, 0, b"x").status_code == 403
    assert ask(phone, address).headers["Upload-Offset"] == "0"


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("given", [{}, {"link_kind": "location_upload", "scopes": ("location",)}])
def test_caller_who_did_not_agree_to_it_begins_refused(
    live_db: str, herts: ForceRef, force_client: MakeClient, given: dict[str, Any]
) -> None:
    caller = in_force(herts, lambda: make_consented(now=clock.now(), **given))

    answered = begin(phone_of(caller, force_client), 10)

    assert (answered.status_code, answered.json()["code"]) == (403, "consent_missing")


@pytest.mark.parametrize("foreign", ["caller", "force"])
def test_upload_of_another_caller_is_unknown(
    phone: Client, herts: ForceRef, beds: ForceRef, force_client: MakeClient, foreign: str
) -> None:
    address = begin(phone, 10).headers["Location"]
    schema = "herts" if foreign == "caller" else "beds"
    other = in_force(herts if foreign == "caller" else beds, make_sender)
    stranger = phone_of(other, force_client)
    stranger = force_client(schema=schema)
    stranger.cookies[CALLER_COOKIE] = write_caller_cookie(other.ticket)

    assert ask(stranger, address).status_code == 404
    assert add(stranger, address, 0, b"x").status_code == 404
    assert ask(phone, address).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("size", "status", "code"),
    [
        (500_000_001, 413, "too_large"),
        (0, 400, "invalid_input"),
        ("-1", 400, "invalid_input"),
        ("9" * 16, 400, "invalid_input"),
        ("1e3", 400, "invalid_input"),
        ("٣", 400, "invalid_input"),
    ],
)
@pytest.mark.usefixtures("nothing_kept")
def test_file_of_an_impossible_size_refused(phone: Client, size: object, status: int, code: str) -> None:
    text = str(size).encode("utf-8").decode("latin-1") if not str(size).isascii() else str(size)
    answered = begin(phone, text)

    assert (answered.status_code, answered.json()["code"]) == (status, code)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("version", ["", "0.2.1"])
def test_other_version_of_the_protocol_refused(phone: Client, version: str) -> None:
    answered = begin(phone, 10, **{"Tus-Resumable": version})

    assert (answered.status_code, answered.headers["Tus-Resumable"]) == (412, "1.0.0")


def test_door_says_what_it_speaks(phone: Client) -> None:
    said = phone.options(DOOR).headers

    assert (said["Tus-Version"], said["Tus-Max-Size"]) == ("1.0.0", "500000000")
    assert said["Tus-Extension"] == "creation,checksum,expiration"


def test_session_sends_no_more_than_its_share(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    monkeypatch.setattr(uploads, "MOST_BYTES_PER_SESSION", 1_000)

    assert begin(phone, 1_001).json()["code"] == "too_many"
    assert begin(phone, 400).status_code == begin(phone, 400).status_code == 201
    assert begin(phone, 1).json()["code"] == "too_many"


def test_full_disk_refuses_before_it_harms_recordings(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = begin(phone, 10).headers["Location"]
    monkeypatch.setattr(storing, "LEAST_ROOM_BYTES", 1 << 62)

    assert (begin(phone, 10).status_code, begin(phone, 10).json()["code"]) == (507, "no_room")
    assert add(phone, address, 0, b"x").status_code == 507
    assert ask(phone, address).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("offset", [1, 4, 6, 10, 11, 2**40])
def test_piece_at_a_place_that_is_not_the_end_refused(phone: Client, offset: int) -> None:
    address = begin(phone, 10).headers["Location"]
    assert add(phone, address, 0, b"12345").status_code == 204

    answered = add(phone, address, offset, b"xx")

    assert (answered.status_code, answered.json()["details"]) == (409, {"offset": 5})
    assert ask(phone, address).headers["Upload-Offset"] == "5"


def test_piece_past_the_end_that_was_said_refused(phone: Client) -> None:
    address = begin(phone, 10).headers["Location"]

    assert add(phone, address, 0, b"x" * 11).status_code == 409
    assert ask(phone, address).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("said", ["sha256 AAAA", "md5 AAAA", "sha256 " + base64.b64encode(bytes(32)).decode()])
def test_piece_that_was_damaged_refused(phone: Client, said: str) -> None:
    address = begin(phone, 10).headers["Location"]

    assert add(phone, address, 0, b"12345", **{"Upload-Checksum": said}).status_code == 460
    assert ask(phone, address).headers["Upload-Offset"] == "0"
    right = base64.b64encode(hashlib.sha256(b"12345").digest()).decode()
    assert add(phone, address, 0, b"12345", **{"Upload-Checksum": f"sha256 {right}"}).status_code == 204


def test_piece_of_another_type_or_too_large_refused(phone: Client) -> None:
    address = begin(phone, 10_000_000).headers["Location"]
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}

    assert phone.patch(address, b"x", content_type="text/html", headers=headers).status_code == 400
    assert add(phone, address, 0, bytes(4 * 1024 * 1024 + 1)).status_code == 413
    assert ask(phone, address).headers["Upload-Offset"] == "0"


def test_second_request_while_one_writes_is_told_to_wait(phone: Client, herts: ForceRef) -> None:
    address = begin(phone, 10).headers["Location"]
    assert add(phone, address, 0, b"12345").status_code == 204
    path = arrivals.arrival_path("herts", UUID(address.split("/")[-2]))

    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert add(phone, address, 5, b"67890").status_code == 423
    assert add(phone, address, 5, b"67890").status_code == 204


def test_process_that_dies_half_way_leaves_a_true_offset(
    phone: Client, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = begin(phone, 10).headers["Location"]

    def die(handle: int) -> None:
        raise OSError("the process was killed")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", die)
        with pytest.raises(OSError, match="killed"):
            add(phone, address, 0, b"12345")

    offset = int(ask(phone, address).headers["Upload-Offset"])
    assert add(phone, address, offset, b"1234567890"[offset:]).status_code == 204
    path = storage.item_directory("herts", UUID(address.split("/")[-2])) / "original"
    sealing.seal(herts, UUID(address.split("/")[-2]), clock.now)
    assert path.read_bytes() == b"1234567890"


@pytest.mark.parametrize("end", ["consent", "session"])
def test_consent_or_session_that_ends_in_the_middle_ends_the_upload(
    caller: Caller, phone: Client, herts: ForceRef, evidence_directory: Path, end: str
) -> None:
    address = begin(phone, 10).headers["Location"]
    add(phone, address, 0, b"12345")
    given: dict[str, Any] = {"now": clock.now(), "session_id": caller.session.id}
    if end == "consent":
        in_force(herts, lambda: withdraw_consent(actor=caller.actor, **given))
    else:
        in_force(herts, lambda: end_session(actor=person(), reason="operator", **given))

    assert add(phone, address, 5, b"67890").status_code in (403, 410)
    assert len(files(evidence_directory)) == 1
    sweep_uploads.apply(kwargs={"force": "herts"}, headers={"force": "herts"}).get()
    assert files(evidence_directory) == []
    assert row(herts, address.split("/")[-2]).state == "expired"


def test_file_that_never_is_whole_expires(phone: Client, herts: ForceRef, evidence_directory: Path) -> None:
    address = begin(phone, 10).headers["Location"]
    add(phone, address, 0, b"12345")
    later = clock.now() + uploads.KEPT + timedelta(seconds=1)

    assert in_force(herts, lambda: uploads.expire_uploads(now=clock.now())) == []
    given_up = in_force(herts, lambda: uploads.expire_uploads(now=later))
    arrivals.discard("herts", given_up)
    assert files(evidence_directory) == []
    assert add(phone, address, 5, b"67890").json()["code"] == "upload_over"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\clip.mp4", "clip.mp4"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ("", "unnamed"),
        ("x" * 400, "x" * 150),
    ],
)
def test_name_with_a_path_is_a_name_only(
    phone: Client, herts: ForceRef, evidence_directory: Path, name: str, shown: str
) -> None:
    upload_id = send(phone, b"12345", name=name)

    assert row(herts, upload_id).file_name == shown
    assert [path.name for path in files(evidence_directory)] == [str(upload_id)]


@pytest.mark.parametrize("content", [HTML, SVG, b"GIF89a" + bytes(99), b"PK\x03\x04" + bytes(99), b"%PDF-1.7\n"])
def test_what_is_no_picture_and_no_film_is_refused_and_kept(
    phone: Client, herts: ForceRef, content: bytes, force_client: MakeClient
) -> None:
    upload_id = send(phone, content, name="holiday.jpg")

    item = seal(herts, upload_id)

    assert (item.state, item.failure_reason) == ("failed", "type_refused")
    upload = row(herts, upload_id)
    assert (upload.state, upload.refusal) == ("refused", "type_refused")
    assert upload.sha256 == hashlib.sha256(content).hexdigest()
    shown = force_client("operator").get(f"/api/v1/items/{upload_id}/files/original/")
    assert shown["Content-Disposition"].startswith("attachment")
    assert shown["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bomb_png(20_000), "too_many_pixels"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(200), "type_refused"),
        (b"\x1aE\xdf\xa3" + HTML, "type_refused"),
        (b"\xff\xd8\xff\xe0" + HTML, "type_refused"),
    ],
)
def test_bomb_or_false_beginning_is_refused(phone: Client, herts: ForceRef, content: bytes, code: str) -> None:
    assert seal(herts, send(phone, content)).failure_reason == code


def test_film_without_its_index_is_refused(phone: Client, herts: ForceRef) -> None:
    assert seal(herts, send(phone, film()[: len(film()) // 2])).failure_reason == "type_refused"


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_film_is_sealed_with_its_original_bit_for_bit(
    phone: Client, herts: ForceRef, evidence_directory: Path, kind: str
) -> None:
    upload_id = send(phone, film(kind=kind), name="clip.html")

    item = seal(herts, upload_id)

    assert item.state == "sealed", item.failure_reason
    kept = in_force(herts, lambda: {file.role: file for file in ItemFile.objects.filter(item=item)})
    assert set(kept) == {"original", "playable", "poster", "thumbnail"}
    assert (kept["playable"].media_type, item.width, item.height) == ("video/mp4", 640, 360)
    original = evidence_directory / "herts" / str(upload_id) / "original"
    assert original.read_bytes() == film(kind=kind)
    assert kept["original"].sha256 == hashlib.sha256(film(kind=kind)).hexdigest()
    upload = row(herts, upload_id)
    assert (upload.state, upload.medium, upload.sha256) == ("ready", "video", kept["original"].sha256)


def test_picture_is_sealed_and_erased_with_every_file(phone: Client, herts: ForceRef, evidence_directory: Path) -> None:
    upload_id = send(phone, picture() + HTML)
    item = seal(herts, upload_id)
    assert (item.state, row(herts, upload_id).medium) == ("sealed", "picture")
    shown = [path for path in files(evidence_directory) if path.name != "original"]
    assert len(shown) == 2
    assert not any(b"<script" in path.read_bytes() for path in shown)

    in_force(herts, lambda: Item.objects.filter(pk=upload_id).update(erase_due_at=clock.now()))
    erasing.erase_item(herts, upload_id, clock.now())

    assert files(evidence_directory) == []
    assert in_force(herts, lambda: Item.objects.get(pk=upload_id)).file_name == ""


def test_whole_file_takes_nothing_more(phone: Client, herts: ForceRef) -> None:
    upload_id = send(phone, picture())

    assert add(phone, f"{DOOR}{upload_id}/", len(picture()), b"x").json()["code"] == "upload_over"
    assert ask(phone, f"{DOOR}{upload_id}/").headers["Upload-Offset"] == str(len(picture()))
