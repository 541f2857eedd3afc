"""The door of stills: who may send a picture, what is a picture, and what becomes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from evidence import stills as storing
from evidence.models import Item, ItemFile
from forces import clock
from forces.audit.models import AuditEntry
from forces.context import ForceRef, in_force
from streams.models import Still, StillAsk
from streams.selectors import CALLER_COOKIE, write_caller_cookie
from streams.services import live_stills, stills
from streams.services.consent import withdraw_consent
from streams.services.sessions import end_session
from tests.factories.pictures import bomb_png, picture, two_faced_jpeg, with_exif
from tests.factories.streams import Caller, make_consented, make_opened, person

MakeClient = Callable[..., Client]
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture(autouse=True)
def evidence_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is stored to the test; returns the directory."""
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")
    return tmp_path / "evidence"


@pytest.fixture
def caller(live_db: str, herts: ForceRef) -> Caller:
    """Return a caller who agreed to video."""
    return in_force(herts, make_consented, now=clock.now())


def phone_of(caller: Caller | None, force_client: MakeClient, **options: Any) -> Client:
    client = force_client(**options)
    if caller is not None:
        client.cookies[CALLER_COOKIE] = write_caller_cookie(caller.ticket)
    return client


def send(client: Client, body: bytes, *, purpose: str = "own", ask: object = "", **given: Any) -> Any:
    sha256 = given.pop("sha256", hashlib.sha256(body).hexdigest())
    taken_at = given.pop("taken_at", int(clock.now().timestamp() * 1000))
    path = f"/live/stills/?purpose={purpose}&taken_at={taken_at}" + (f"&ask={ask}" if ask else "")
    return client.post(path, body, content_type="image/jpeg", headers={"X-Still-Hash": sha256, **given})


def rows(force: ForceRef) -> tuple[int, int, int]:
    return in_force(force, lambda: (Still.objects.count(), Item.objects.count(), ItemFile.objects.count()))


def files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def ask_of(force: ForceRef, caller: Caller) -> UUID:
    arguments: dict[str, Any] = {
        "actor": person(),
        "now": clock.now(),
        "session_id": caller.session.id,
        "client_id": uuid4().hex,
    }
    return in_force(force, stills.ask_still, **arguments)


@pytest.fixture
def nothing_kept(live_db: str, herts: ForceRef, evidence_directory: Path) -> Iterator[None]:
    """Check after the test that no row and no file was kept."""
    yield
    assert rows(herts) == (0, 0, 0)
    assert files(evidence_directory) == []


@pytest.mark.usefixtures("nothing_kept", "caller")
def test_stranger_without_a_ticket_sends_refused(force_client: MakeClient) -> None:
    answered = send(phone_of(None, force_client), picture())

    assert (answered.status_code, answered.json()["code"]) == (409, "link_not_opened")


@pytest.mark.usefixtures("nothing_kept")
def test_ticket_of_another_force_sends_no_picture(caller: Caller, beds: ForceRef, force_client: MakeClient) -> None:
    foreign = in_force(beds, make_consented, now=clock.now())

    answered = send(phone_of(foreign, force_client), picture())

    assert (answered.status_code, answered.json()["code"]) == (404, "link_unknown")


@pytest.mark.usefixtures("nothing_kept")
def test_other_site_sends_without_the_token_refused(caller: Caller, force_client: MakeClient) -> None:
    phone = phone_of(caller, force_client, enforce_csrf_checks=True)

    assert send(phone, picture()).status_code == 403
    token = phone.get("/live/").cookies[settings.CSRF_COOKIE_NAME].value
    assert send(phone, picture(), **{"X-CSRFToken": token, "Origin": "https://evil.example"}).status_code == 403


def test_own_page_sends_with_the_token_kept(caller: Caller, force_client: MakeClient, herts: ForceRef) -> None:
    phone = phone_of(caller, force_client, enforce_csrf_checks=True)
    token = phone.get("/live/").cookies[settings.CSRF_COOKIE_NAME].value

    assert send(phone, picture(), **{"X-CSRFToken": token, "Origin": "http://herts.localhost"}).status_code == 201
    assert rows(herts) == (1, 1, 3)


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_other_method_refused(caller: Caller, force_client: MakeClient, method: str) -> None:
    assert getattr(phone_of(caller, force_client), method)("/live/stills/").status_code == 405


def test_caller_who_refused_recording_sends_what_is_looked_at_and_nothing_that_is_kept(
    live_db: str, herts: ForceRef, force_client: MakeClient
) -> None:
    caller = in_force(herts, lambda: make_consented(now=clock.now(), scopes=("location", "video")))
    phone = phone_of(caller, force_client)

    kept = send(phone, picture(), purpose="own")
    assert (kept.status_code, kept.json()["code"]) == (409, "recording_consent_missing")
    assert in_force(herts, lambda: Still.objects.count()) == 0
    assert send(phone, picture(), purpose="ladder").status_code == 201


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("scopes", [None, ("location",)])
def test_caller_without_consent_to_video_sends_refused(
    live_db: str, herts: ForceRef, force_client: MakeClient, scopes: Any
) -> None:
    make = make_consented if scopes else make_opened
    caller = in_force(herts, lambda: make(now=clock.now(), **({"scopes": scopes} if scopes else {})))

    answered = send(phone_of(caller, force_client), picture())

    assert (answered.status_code, answered.json()["code"]) == (403, "consent_missing")


@pytest.mark.usefixtures("nothing_kept")
def test_caller_of_an_ended_session_sends_refused(caller: Caller, herts: ForceRef, force_client: MakeClient) -> None:
    gone: dict[str, Any] = {
        "actor": person(),
        "now": clock.now(),
        "session_id": caller.session.id,
        "reason": "operator",
    }
    in_force(herts, lambda: end_session(**gone))

    assert send(phone_of(caller, force_client), picture()).status_code == 410


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("end", [withdraw_consent, end_session])
def test_consent_or_session_that_ends_while_it_is_stored_keeps_nothing(
    caller: Caller, herts: ForceRef, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch, end: Any
) -> None:
    stored = storing.store_still

    def store_and_end(*args: Any) -> Any:
        done = stored(*args)
        given: dict[str, Any] = {"now": clock.now(), "session_id": caller.session.id}
        if end is end_session:
            in_force(herts, lambda: end_session(actor=person(), reason="operator", **given))
        else:
            in_force(herts, lambda: withdraw_consent(actor=caller.actor, **given))
        return done

    monkeypatch.setattr("streams.signalling.stills.store_still", store_and_end)

    assert send(phone_of(caller, force_client), picture()).status_code in (403, 410)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    "given",
    [
        {"sha256": ""},
        {"sha256": "0" * 63},
        {"sha256": "A" * 64},
        {"purpose": "spy"},
        {"purpose": "asked"},
        {"purpose": "own", "ask": "11111111-1111-4111-8111-111111111111"},
        {"purpose": "asked", "ask": "../../etc"},
        {"taken_at": "now"},
        {"taken_at": "nan"},
        {"taken_at": "-1"},
        {"taken_at": "1e300"},
    ],
)
def test_caller_says_nonsense_refused(caller: Caller, force_client: MakeClient, given: dict[str, Any]) -> None:
    answered = send(phone_of(caller, force_client), picture(), **given)

    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_input")


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("purpose", ["own", "ladder"])
def test_picture_that_is_not_what_was_hashed_refused(caller: Caller, force_client: MakeClient, purpose: str) -> None:
    answered = send(phone_of(caller, force_client), picture(), purpose=purpose, sha256="0" * 64)

    assert (answered.status_code, answered.json()["code"]) == (422, "hash_mismatch")


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 415),
        (HTML, 415),
        (SVG, 415),
        (b"\xff\xd8\xff\xe0" + HTML, 415),
        (b"GIF89a" + bytes(40), 415),
        (b"\xff\xd8\xff", 415),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), 415),
    ],
)
def test_what_is_no_picture_refused(caller: Caller, force_client: MakeClient, body: bytes, status: int) -> None:
    answered = send(phone_of(caller, force_client), body)

    assert (answered.status_code, answered.json()["code"]) == (status, "not_a_picture")


@pytest.mark.usefixtures("nothing_kept")
def test_bomb_is_refused_before_it_is_decoded(
    caller: Caller, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[object] = []
    monkeypatch.setattr("evidence.encoding.redraw", lambda *args: decoded.append(args))

    answered = send(phone_of(caller, force_client), bomb_png())

    assert (answered.status_code, answered.json()["code"]) == (422, "too_many_pixels")
    assert decoded == []


@pytest.mark.usefixtures("nothing_kept")
def test_bomb_behind_a_small_header_is_refused_by_the_decoder(caller: Caller, force_client: MakeClient) -> None:
    answered = send(phone_of(caller, force_client), two_faced_jpeg())

    assert answered.status_code in (415, 422)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(("purpose", "size"), [("ladder", 300_001), ("own", 15_000_001)])
def test_picture_over_its_size_refused(caller: Caller, force_client: MakeClient, purpose: str, size: int) -> None:
    body = picture() + bytes(size - len(picture()))

    answered = send(phone_of(caller, force_client), body, purpose=purpose)

    assert (answered.status_code, answered.json()["code"]) == (413, "too_large")


@pytest.mark.usefixtures("nothing_kept")
def test_full_disk_refuses_pictures_before_it_harms_recordings(
    caller: Caller, force_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "LEAST_ROOM_BYTES", 1 << 62)

    answered = send(phone_of(caller, force_client), picture())

    assert (answered.status_code, answered.json()["code"]) == (507, "no_room")


def test_ticket_sends_too_often_refused(caller: Caller, force_client: MakeClient, monkeypatch: Any) -> None:
    monkeypatch.setitem(stills.PER_MINUTE, Still.Purpose.OWN, 1)
    moment = clock.now().replace(second=5)
    monkeypatch.setattr(clock, "now", lambda: moment)
    phone = phone_of(caller, force_client)

    assert send(phone, picture()).status_code == 201
    answered = send(phone, picture(hue=90))
    assert (answered.status_code, answered.json()["code"]) == (429, "rate_limited")
    assert answered.json()["details"]["wait_seconds"] == 55


@pytest.mark.usefixtures("nothing_kept")
def test_ask_of_another_session_is_unknown(caller: Caller, herts: ForceRef, force_client: MakeClient) -> None:
    other = in_force(herts, make_consented, now=clock.now())

    answered = send(phone_of(caller, force_client), picture(), purpose="asked", ask=ask_of(herts, other))

    assert answered.status_code == 404


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_asked_picture_is_a_sealed_item_with_both_hashes(
    caller: Caller, herts: ForceRef, force_client: MakeClient, evidence_directory: Path, kind: str
) -> None:
    body, ask_id = picture(kind), ask_of(herts, caller)

    answered = send(phone_of(caller, force_client), body, purpose="asked", ask=ask_id)

    assert answered.status_code == 201, answered.content
    sha256 = hashlib.sha256(body).hexdigest()
    still = in_force(herts, lambda: Still.objects.get(pk=answered.json()["id"]))
    item = in_force(herts, lambda: Item.objects.get(pk=str(still.item_id)))
    roles = in_force(herts, lambda: {file.role: file for file in ItemFile.objects.filter(item=item)})
    assert (item.kind, item.state, item.sent_sha256, roles["original"].sha256) == ("still", "sealed", sha256, sha256)
    assert (still.width, still.height, still.sha256) == (640, 360, sha256)
    original = evidence_directory / "herts" / str(item.id) / roles["original"].name
    assert original.read_bytes() == body
    assert in_force(herts, lambda: StillAsk.objects.get(pk=ask_id).answered_at) is not None


def test_picture_that_is_shown_has_nothing_of_the_phones_metadata(
    caller: Caller, herts: ForceRef, force_client: MakeClient, evidence_directory: Path
) -> None:
    body = with_exif(picture(), orientation=6)

    assert send(phone_of(caller, force_client), body).status_code == 201

    kept = {path.name: path.read_bytes() for path in files(evidence_directory)}
    assert b"51.8 N" in kept["original.jpeg"]
    assert not any(b"51.8 N" in content for name, content in kept.items() if name != "original.jpeg")
    still = in_force(herts, Still.objects.get)
    assert (still.width, still.height) == (360, 640)


def test_polyglot_is_shown_without_what_hides_in_it(
    caller: Caller, force_client: MakeClient, evidence_directory: Path
) -> None:
    assert send(phone_of(caller, force_client), picture() + HTML).status_code == 201

    shown = [path.read_bytes() for path in files(evidence_directory) if not path.name.startswith("original")]
    assert len(shown) == 2
    assert not any(b"<script" in content for content in shown)


def test_picture_sent_again_is_kept_once(caller: Caller, herts: ForceRef, force_client: MakeClient) -> None:
    phone, ask_id = phone_of(caller, force_client), ask_of(herts, caller)

    first = send(phone, picture(), purpose="asked", ask=ask_id)
    again = send(phone, picture(), purpose="asked", ask=ask_id)
    other = send(phone, picture(hue=90), purpose="asked", ask=ask_id)

    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "ask_over")
    assert rows(herts) == (1, 1, 3)


def test_ladder_shows_its_newest_pictures_and_all_of_them_are_one_item(
    caller: Caller, herts: ForceRef, force_client: MakeClient, evidence_directory: Path
) -> None:
    phone = phone_of(caller, force_client)
    for hue in range(7):
        assert send(phone, picture(hue=hue), purpose="ladder").status_code == 201

    assert rows(herts) == (live_stills.KEPT, 1, 0)
    assert len(files(evidence_directory / "herts" / ".live")) == live_stills.KEPT


@pytest.mark.parametrize("purpose", ["own", "ladder"])
def test_picture_is_shown_to_the_role_and_audited_once(
    caller: Caller, herts: ForceRef, force_client: MakeClient, evidence_directory: Path, purpose: str
) -> None:
    phone = phone_of(caller, force_client)
    ids = [send(phone, picture(hue=hue), purpose=purpose).json()["id"] for hue in range(2)]
    operator, admin = force_client("operator"), force_client("force_admin")
    paths = [f"/api/v1/sessions/{caller.session.id}/stills/{still_id}/" for still_id in ids]

    assert admin.get(paths[0]).status_code == 403
    for path in (*paths, *paths):
        shown = operator.get(path)
        assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
        assert shown["Content-Disposition"].startswith("inline")
        accelerated = shown["X-Accel-Redirect"].removeprefix("/protected/evidence/")
        assert (evidence_directory / accelerated).is_file()
    act, views = ("item.view", 2) if purpose == "own" else ("still.watch", 1)
    assert in_force(herts, lambda: AuditEntry.objects.filter(act=act, session_id=caller.session.id).count()) == views


def test_still_of_another_session_is_not_found(caller: Caller, herts: ForceRef, force_client: MakeClient) -> None:
    still_id = send(phone_of(caller, force_client), picture()).json()["id"]
    other = in_force(herts, make_consented, now=clock.now())

    assert force_client("operator").get(f"/api/v1/sessions/{other.session.id}/stills/{still_id}/").status_code == 404
