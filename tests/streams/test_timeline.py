"""The time line of an incident: everything that happened, newest first, in pages without holes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from evidence.models import Item, ItemState
from evidence.parts import registered_parts
from forces.context import Unit
from forces.errors import InvalidInput
from streams import timeline
from streams.models import Invitation, LiveSession, Showing
from streams.services import agencies, arrival, chat, colleagues, handovers, recording, risk, sessions, watching
from streams.services.consent import withdraw_consent
from streams.services.group_text import say
from streams.services.incident_closing import close_incident
from streams.services.incident_page import view_timeline
from tests.evidence.conftest import Recording
from tests.factories.agencies import share_out
from tests.factories.colleagues import make_shown
from tests.factories.media import make_live, make_recorded, make_watch
from tests.factories.officers import make_officer_live
from tests.factories.streams import NOW, answer, make_consented, make_incident, make_opened, make_session, person


def at(seconds: int) -> datetime:
    """Return a moment of the test."""
    return NOW + timedelta(seconds=seconds)


def entries(incident_id: UUID, **asked: str) -> list[dict[str, Any]]:
    """Return one page of an incident's time line."""
    found: list[dict[str, Any]] = view_timeline(actor=person(), incident_id=incident_id, **asked)["entries"]
    return found


def kinds(incident_id: UUID, **asked: str) -> list[str]:
    """Return what happened, oldest first."""
    return [entry["kind"] for entry in reversed(entries(incident_id, **asked))]


def test_callers_way_stands_in_the_time_line_in_its_order(in_herts: Unit) -> None:
    caller = make_opened()
    Invitation.objects.update(sent_at=at(1), delivered_at=at(2), opened_at=at(3))
    consented = make_consented(caller, now=at(4))
    stream = make_live(consented, now=at(5))
    watch_id = make_watch(stream, now=at(6))
    arrival.mark_stalled(now=at(8), stream_id=stream.id)
    arrival.mark_live(now=at(9), stream_id=stream.id)
    chat.post_message(actor=caller.actor, now=at(10), session_id=caller.session.id, client_id="a", text="Help")
    chat.post_message(actor=person(), now=at(11), session_id=caller.session.id, client_id="b", text="Stay there")
    watching.end_watch(now=at(12), watch_id=watch_id, reason="stopped")
    withdraw_consent(actor=caller.actor, now=at(13), session_id=caller.session.id)
    sessions.end_session(actor=person(), now=at(14), session_id=caller.session.id, reason="operator")
    close_incident(actor=person(), now=at(15), incident_id=caller.session.incident_id)

    found = list(reversed(entries(caller.session.incident_id)))
    told = [entry["kind"] for entry in found if entry["at"] > "2026-11-22T14:00:00.000Z"]
    assert told == [
        "link_sent", "link_delivered", "link_opened", "consent_given", "live", "watch_began", "stalled", "back",
        "messages", "watch_ended", "consent_withdrawn", "stream_ended", "session_ended", "incident_closed",
    ] or sorted(told[-4:-2]) == ["consent_withdrawn", "stream_ended"]  # fmt: skip
    by_kind = {entry["kind"]: entry for entry in found}
    assert {"incident_opened", "session_created"} < set(by_kind)
    assert by_kind["messages"]["detail"] == {"count": 2}
    assert by_kind["watch_began"]["who"] == person().name
    assert by_kind["watch_ended"]["detail"]["seconds"] == 6
    assert by_kind["back"]["detail"] == {"began_at": "2026-11-22T14:00:08.000Z"}
    assert by_kind["consent_given"]["detail"] == {"scopes": ["location", "recording", "video"]}
    assert "Help" not in str(found)


def test_every_stall_is_told_and_not_the_last_alone(in_herts: Unit) -> None:
    stream = make_live()
    for second in (10, 20, 30):
        arrival.mark_stalled(now=at(second), stream_id=stream.id)
        arrival.mark_live(now=at(second + 5), stream_id=stream.id)
    incident_id = LiveSession.objects.get(pk=stream.session_id).incident_id

    assert kinds(incident_id, groups="picture") == ["live", *["stalled", "back"] * 3]


def test_decisions_recordings_and_group_text_stand_in_the_time_line(in_herts: Unit) -> None:
    session = make_session()
    incident_id = session.incident_id
    answer(session, safe_to_text="no")
    supervisor = person("supervisor")
    risk.override_risk(actor=supervisor, now=at(1), session_id=session.id, reason="A child is in the water")
    handovers.take_session(actor=supervisor, now=at(2), session_id=session.id, reason="Near me")
    caller = make_consented(now=at(3))
    LiveSession.objects.filter(pk=caller.session.pk).update(incident=incident_id)
    segment = make_recorded(make_live(caller, now=at(4)), now=at(4))
    recording.note_growth(now=at(5), segment_id=segment.id, bytes_seen=4096)
    recording.raise_alarm(now=at(6), segment_id=segment.id, code="recording_no_space")
    item_id = Recording(schema="herts", session_id=caller.session.id).register(at(7), started_at=at(4), ended_at=at(6))
    Item.objects.filter(pk=item_id).update(state=ItemState.SEALED, sealed_at=at(8), duration_ms=1)
    say(actor=person(), now=at(9), incident_id=incident_id, client_id="one", text="Units on the way")

    shown = kinds(incident_id, groups="decision,recording,text")
    assert shown == [
        "incident_opened", "override", "session_taken", "recording", "recording_alarm", "item_sealed", "group_messages",
    ]  # fmt: skip


def test_share_with_an_agency_and_its_end_stand_in_the_time_line(in_herts: Unit) -> None:
    share = share_out(now=at(1))
    agencies.revoke_agency(actor=person(), now=at(2), session_id=share.session_id, share_id=share.id)

    ended, given = entries(share.session.incident_id, groups="share")
    assert (given["kind"], given["who"], given["detail"]) == ("agency_given", person().name, {"agency": share.agency})
    assert (ended["kind"], ended["detail"]) == ("agency_ended", {"agency": share.agency, "end_reason": "revoked"})


def test_each_showing_to_the_officers_stands_in_the_time_line_with_who_showed_and_who_hid_it(in_herts: Unit) -> None:
    stream = make_shown(now=at(1))
    supervisor = person("supervisor")
    about = {"session_id": stream.session_id}
    colleagues.show_to_officers(actor=supervisor, now=at(2), **about)  # it is shown already
    colleagues.hide_from_officers(actor=supervisor, now=at(3), **about)
    colleagues.hide_from_officers(actor=person(), now=at(4), **about)  # it is hidden already
    colleagues.show_to_officers(actor=supervisor, now=at(5), **about)

    again, hidden, shown = entries(stream.session.incident_id, groups="share")
    assert (shown["kind"], shown["who"], shown["detail"]) == ("picture_shown", person().name, {})
    assert (hidden["kind"], hidden["who"], hidden["detail"]) == (
        "picture_hidden", supervisor.name, {"end_reason": "hidden"},
    )  # fmt: skip
    assert (again["kind"], again["who"]) == ("picture_shown", supervisor.name)
    assert {entry["session_id"] for entry in (again, hidden, shown)} == {str(stream.session_id)}
    assert [entry["at"][17:19] for entry in (shown, hidden, again)] == ["01", "03", "05"]


@pytest.mark.parametrize("reason", ["session_over", "no_consent"])
def test_showing_that_ended_by_itself_names_nobody_and_says_why(in_herts: Unit, reason: str) -> None:
    caller = make_consented()
    stream = make_shown(caller, now=at(1))
    if reason == "session_over":
        sessions.end_session(actor=person(), now=at(2), session_id=stream.session_id, reason="operator")
    else:
        withdraw_consent(actor=caller.actor, now=at(2), session_id=stream.session_id)

    hidden, _ = entries(stream.session.incident_id, groups="share")
    assert (hidden["kind"], hidden["who"], hidden["detail"]) == ("picture_hidden", "", {"end_reason": reason})


def test_picture_that_is_shown_without_an_entry_is_hidden_all_the_same(in_herts: Unit) -> None:
    stream = make_shown()
    Showing.objects.all().delete()

    colleagues.hide_from_officers(actor=person(), now=at(1), session_id=stream.session_id)

    assert LiveSession.objects.get(pk=stream.session_id).shown_at is None


def test_erasure_of_a_session_keeps_who_showed_it_to_the_officers_and_who_hid_it(in_herts: Unit) -> None:
    stream = make_shown(now=at(1))
    colleagues.hide_from_officers(actor=person("supervisor"), now=at(2), session_id=stream.session_id)
    sessions.end_session(actor=person(), now=at(3), session_id=stream.session_id, reason="operator")
    before = entries(stream.session.incident_id, groups="share")

    for part in registered_parts():
        part.erase(stream.session_id, at(4))

    assert len(before) == 2
    assert entries(stream.session.incident_id, groups="share") == before


def test_other_incident_of_the_force_leaves_no_entry(in_herts: Unit) -> None:
    make_watch(make_shown())
    make_officer_live()
    quiet = make_incident()

    assert kinds(quiet.id) == ["incident_opened"]


def test_pages_meet_without_hole_or_double_also_where_much_happened_at_once(
    in_herts: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = make_live()
    incident_id = LiveSession.objects.get(pk=stream.session_id).incident_id
    for number in range(12):
        make_watch(stream, now=at(1), actor=person(key=f"operator-{number}"), owner=f"socket-{number}")
    whole = [entry["id"] for entry in entries(incident_id)]
    monkeypatch.setattr(timeline, "PAGE_ROWS", 5)
    monkeypatch.setattr("streams.services.incident_page.PAGE_ROWS", 5)

    found, before = [], ""
    while True:
        page = view_timeline(actor=person(), incident_id=incident_id, before=before)
        assert len(page["entries"]) <= 5
        found += [entry["id"] for entry in page["entries"]]
        if page["next"] is None:
            break
        before = page["next"]

    assert found == whole
    assert len(set(whole)) == len(whole) > 12


@pytest.mark.parametrize(
    "asked", [{"before": "yesterday"}, {"before": "2026-11-22T14:00:00~x"}, {"before": "~"}, {"groups": "link,secrets"}]
)
def test_unusable_question_is_refused(in_herts: Unit, asked: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        view_timeline(actor=person(), incident_id=make_incident().id, **asked)
