"""Asking for stills: who may, what the phone may answer, and that erasure leaves nothing of the ladder's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from evidence import storage
from evidence.parts import registered_parts
from forces.context import Unit
from forces.errors import NotFound, NotPermitted
from streams.models import Still, StillAsk
from streams.selectors import list_open_asks
from streams.services.locks import SessionOver
from streams.services.recording import RecordingConsentMissing
from streams.services.sessions import end_session
from streams.services.standing import ConsentMissing
from streams.services.stills import ask_still, refuse_still
from streams.services.uploads import begin_upload, clean_name
from tests.factories.streams import NOW, Caller, make_consented, person


def ask(caller: Caller, client_id: str = "one", **changes: Any) -> Any:
    given: dict[str, Any] = {"actor": person(), "now": NOW, "session_id": caller.session.id, "client_id": client_id}
    return ask_still(**{**given, **changes})


def sent(unit: Unit, type_: str) -> list[tuple[str, dict[str, Any]]]:
    return [(topic, message) for topic, message in unit.broadcasts if message["type"] == type_]


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_role_without_the_right_asks_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        ask(make_consented(), actor=person(role))
    assert not StillAsk.objects.exists()


def test_caller_who_shares_no_video_is_not_asked(in_herts: Unit) -> None:
    with pytest.raises(ConsentMissing):
        ask(make_consented(scopes=("location",)))


def test_caller_who_refused_recording_is_not_asked_for_what_would_be_kept(in_herts: Unit) -> None:
    with pytest.raises(RecordingConsentMissing):
        ask(make_consented(scopes=("location", "video")))
    assert not StillAsk.objects.exists()
    assert ask(make_consented(scopes=("video", "recording")))


def test_session_that_is_over_is_not_asked(in_herts: Unit) -> None:
    caller = make_consented()
    end_session(actor=person(), now=NOW, session_id=caller.session.id, reason="operator")
    with pytest.raises(SessionOver):
        ask(caller)


def test_request_sent_twice_is_one_and_stands_for_a_page_that_comes_back(in_herts: Unit) -> None:
    caller = make_consented()
    first, again = ask(caller), ask(caller)

    assert first == again
    assert list_open_asks(caller.session.id) == [str(first)]
    topics = [topic for topic, _ in sent(in_herts, "still.asked")]
    assert topics == ["console", f"caller.{caller.session.id}"]


def test_other_caller_refuses_nothing(in_herts: Unit) -> None:
    caller, other = make_consented(), make_consented()
    ask_id = ask(caller)
    for actor, session_id, error in (
        (other.actor, caller.session.id, NotPermitted),
        (other.actor, other.session.id, NotFound),
    ):
        with pytest.raises(error):
            refuse_still(actor=actor, now=NOW, session_id=session_id, ask_id=ask_id, reason="denied")
    assert list_open_asks(caller.session.id) == [str(ask_id)]


def test_phone_that_cannot_says_why_once(in_herts: Unit) -> None:
    caller = make_consented()
    ask_id = ask(caller)
    for reason in ("no_camera", "failed"):
        refuse_still(actor=caller.actor, now=NOW, session_id=caller.session.id, ask_id=ask_id, reason=reason)

    assert StillAsk.objects.get(pk=ask_id).refusal == "no_camera"
    assert [message["ask"]["refusal"] for _, message in sent(in_herts, "still.asked") if "ask" in message] == [
        "",
        "no_camera",
    ]


def test_erasure_of_a_session_leaves_no_picture_and_no_name(
    in_herts: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")
    caller = make_consented(link_kind="location_upload", scopes=("location", "upload"))
    session = caller.session
    begin_upload(
        actor=caller.actor, now=NOW, session_id=session.id, file_name="me.jpg", whole_bytes=5, holder=uuid4().hex
    )
    numbers = {"width": 4, "height": 3, "bytes": 1, "sha256": "0" * 64}
    still = Still.objects.create(session=session, purpose="ladder", taken_at=NOW, received_at=NOW, **numbers)
    source = tmp_path / "picture"
    source.write_bytes(b"x")
    storage.keep_live(source, "herts", session.id, f"{still.id}.jpg")

    for part in registered_parts():
        part.erase(session.id, NOW + timedelta(days=40))

    assert not Still.objects.filter(session=session).exists()
    assert [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == []
    assert session.uploads.get().file_name == "[erased]"


@pytest.mark.parametrize("name", ["/", "\\", "\u202e", " "])
def test_name_that_is_none_is_unnamed(name: str) -> None:
    assert clean_name(name) == "unnamed"
