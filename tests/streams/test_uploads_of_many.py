"""Files in a session of several people: each is one sender's, and another app says who may send and who is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from forces.actors import Actor
from forces.context import Unit
from forces.errors import NotFound, NotPermitted
from streams.models import LiveSession, Upload
from streams.services import uploads
from streams.services.standing import ConsentMissing
from streams.services.uploads import Sender
from tests.factories.bare_calls import MemoryApp, install, make_bare_call
from tests.factories.streams import NOW, make_consented


@pytest.fixture
def app(in_herts: Unit, monkeypatch: pytest.MonkeyPatch) -> MemoryApp:
    """Return the app above, in memory."""
    return install(monkeypatch)


def begin(session: LiveSession, actor: Actor, sender: Sender) -> UUID:
    given: dict[str, Any] = {"file_name": "clip.mp4", "whole_bytes": 1_000, "holder": actor.id}
    return uploads.begin_upload(actor=actor, now=NOW, session_id=session.id, sender=sender, **given)


@pytest.fixture
def two(app: MemoryApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Actor, Actor]:
    """Return two participants who may send files."""
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path)
    first, second = Actor.caller(uuid4()), Actor.caller(uuid4())
    app.insiders, app.scopes = {first.id, second.id}, {"upload"}
    return first, second


def test_stranger_sends_a_file_into_a_consultation_refused(app: MemoryApp) -> None:
    app.scopes = {"upload"}
    with pytest.raises(NotPermitted):
        begin(make_bare_call(), Actor.caller(uuid4()), Sender())


def test_participant_sends_a_file_that_the_app_does_not_let_in_refused(
    app: MemoryApp, two: tuple[Actor, Actor]
) -> None:
    app.scopes = set()
    with pytest.raises(ConsentMissing):
        begin(make_bare_call(), two[0], Sender(UUID(two[0].id), "Anna"))


def test_participant_adds_to_another_ones_file_refused(two: tuple[Actor, Actor]) -> None:
    session, (first, second) = make_bare_call(), two
    mine, other = Sender(UUID(first.id), "Anna"), Sender(UUID(second.id), "Bea")
    upload_id = begin(session, first, mine)
    given: dict[str, Any] = {"now": NOW, "session_id": session.id, "upload_id": upload_id}

    for sender in (other, Sender()):
        with pytest.raises(NotFound):
            uploads.find_upload(actor=second, sender=sender, **given)
        with pytest.raises(NotFound):
            uploads.admit_piece(actor=second, holder="b", sender=sender, **given)
        with pytest.raises(NotFound):
            uploads.note_piece(actor=second, arrived=500, sender=sender, **given)
    uploads.admit_piece(actor=first, holder="a", sender=mine, **given)
    uploads.note_piece(actor=first, arrived=500, sender=mine, **given)
    assert uploads.find_upload(actor=first, sender=mine, **given) == (1_000, False)


def test_file_says_who_sent_it_and_the_app_tells_its_pages_not_the_consoles(
    in_herts: Unit, app: MemoryApp, two: tuple[Actor, Actor]
) -> None:
    session = make_bare_call()
    in_herts.broadcasts.clear()
    upload_id = begin(session, two[0], Sender(UUID(two[0].id), "Anna"))

    kept = Upload.objects.get(pk=upload_id)
    assert (str(kept.sender_id), kept.sender_name) == (two[0].id, "Anna")
    assert app.uploads == [upload_id]
    assert in_herts.broadcasts == []


def test_callers_file_has_no_sender_and_consoles_are_told(
    in_herts: Unit, app: MemoryApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path)
    caller = make_consented(now=NOW, link_kind="location_upload", scopes=("location", "upload"))
    in_herts.broadcasts.clear()
    upload_id = begin(caller.session, caller.actor, Sender())

    assert Upload.objects.get(pk=upload_id).sender_id is None
    assert ([topic for topic, _ in in_herts.broadcasts], app.uploads) == (["console"], [])
