"""A guest watches: who sees that, and that every end of a share ends the watching."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from forces.context import ForceRef, Unit
from forces.errors import NotFound
from forces.services import sharing
from forces.services.sharing import ShareOver, ShareUnknown
from streams.models import Watch
from streams.selectors import find_session, session_summary
from streams.services import attention, sessions, shares, watching
from streams.services.consent import withdraw_consent
from streams.services.invitations import rearm_invitation, send_invitation
from streams.services.phone_page import phone_view
from streams.services.resending import redirect_invitation
from streams.services.watching import ShareFull
from tests.factories.media import make_live, make_watch
from tests.factories.officers import make_officer_live
from tests.factories.shares import guest_watches, sam, share
from tests.factories.streams import NOW, Caller, consent, make_consented, person, session_now
from tests.streams.test_shares import LATER, abroad

pytestmark = pytest.mark.usefixtures("clock_at_noon")


def test_guest_watches_the_owner_sees_who_and_until_when(
    in_herts: Unit, beds: ForceRef, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    stream = make_live()
    given = share(stream.session_id)
    in_herts.broadcasts.clear()

    watch_id = guest_watches(beds, given, stream)

    row = next(row for row in audit_rows() if row["act"] == "share.opened")
    assert (row["operation"], row["actor_id"], row["detail"]["disclosure_id"], row["detail"]["what"]) == (
        "disclosure", "beds:12", str(watch_id), "picture"
    )  # fmt: skip
    summary = session_summary(find_session(stream.session_id))
    name = "Operator One (Bedfordshire Police)"
    assert [(one["watchers"], one["ends_at"]) for one in summary["shares"]] == [([name], "2026-11-22T15:00:00.000Z")]
    assert summary["watchers"] == [{"name": name}]
    make_watch(stream)
    counts = [(told["count"], told["guests"]) for _, told in in_herts.broadcasts if told["type"] == "watch.changed"]
    assert counts == [(1, 1), (2, 1)]


def test_guest_hears_an_officer_and_the_audit_and_the_officer_are_told(
    in_herts: Unit, beds: ForceRef, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    stream = make_live(make_officer_live())
    guest_watches(beds, share(stream.session_id), stream)

    opened = [row["detail"]["what"] for row in audit_rows() if row["act"] == "share.opened"]
    assert opened == ["picture and sound"]
    page = phone_view(find_session(stream.session_id))
    assert (page["watching"], page["count"], page["guests"]) == (True, 1, 1)
    make_watch(stream)
    assert phone_view(find_session(stream.session_id))["names"] == ["Operator One", "Bedfordshire Police: 1"]
    told = [frame["names"] for _, frame in in_herts.broadcasts if frame.get("watching")]
    assert told == [["Bedfordshire Police: 1"], ["Operator One", "Bedfordshire Police: 1"]]


def test_caller_is_told_no_name_of_who_watches(in_herts: Unit, beds: ForceRef) -> None:
    stream = make_live()
    guest_watches(beds, share(stream.session_id), stream)
    make_watch(stream)

    told = [frame for _, frame in in_herts.broadcasts if frame.get("watching")]
    assert len(told) == 2
    assert not any("names" in frame or "Operator" in str(frame) or "Bedfordshire" in str(frame) for frame in told)


def test_guest_who_watches_looks_after_nobody(in_herts: Unit, beds: ForceRef) -> None:
    stream = make_live()
    guest_watches(beds, share(stream.session_id), stream)
    assert [one.is_watched for one in attention.list_waiting()] == [False]
    for seconds in (0, 3600):
        attention.note_looks(now=NOW + timedelta(seconds=seconds), attended=())
    assert session_now(stream.session_id).unattended_reason == "picture_unwatched"

    make_watch(stream)
    assert [one.is_watched for one in attention.list_waiting()] == [True]


def test_guest_asks_for_another_sessions_stream_refused(in_herts: Unit, beds: ForceRef) -> None:
    given, other = share(make_live().session_id), make_live()
    with pytest.raises(NotFound):
        watching.admit_guest_viewer(actor=sam(beds), now=NOW, guest="beds", share_id=given.id, stream_id=other.id)


def test_guest_answers_after_the_revocation_refused(in_herts: Unit, beds: ForceRef) -> None:
    stream = make_live()
    given = share(stream.session_id)
    admission = watching.admit_guest_viewer(
        actor=sam(beds), now=NOW, guest="beds", share_id=given.id, stream_id=stream.id
    )
    shares.revoke_share(actor=person(), now=NOW, session_id=stream.session_id, share_id=given.id)
    with pytest.raises(ShareOver):
        watching.begin_watch(
            actor=sam(beds), now=NOW, admission=admission, gateway_session=1, gateway_handle=2, owner="s", process="p"
        )
    assert not Watch.objects.exists()


def test_operator_revokes_and_the_guests_pictures_alone_end(in_herts: Unit, beds: ForceRef) -> None:
    stream = make_live()
    given = share(stream.session_id)
    theirs, ours = guest_watches(beds, given, stream), make_watch(stream)

    left = shares.revoke_share(actor=person(), now=LATER, session_id=stream.session_id, share_id=given.id)

    assert [place.id for place in left] == [theirs]
    assert [watch.id for watch in Watch.objects.filter(ended_at__isnull=True)] == [ours]
    ended = abroad(in_herts, "shared.ended")[-1]
    assert ended == (
        "beds",
        "console",
        {"type": "shared.ended", "share_id": str(given.id), "at": "2026-11-22T14:05:00.000Z", "reason": "revoked"},
    )
    watch_ended = abroad(in_herts, "watch.ended")[-1]
    assert (watch_ended[0], watch_ended[2]["session_id"]) == ("beds", str(given.id))
    assert session_summary(find_session(stream.session_id))["shares"] == []


def test_operator_revokes_by_the_wrong_session_refused(in_herts: Unit) -> None:
    given, other = share(make_live().session_id), make_live()
    with pytest.raises(ShareUnknown):
        shares.revoke_share(actor=person(), now=NOW, session_id=other.session_id, share_id=given.id)
    assert sharing.find_given(given.id).ended_at is None


def test_share_whose_time_is_over_ends(in_herts: Unit, beds: ForceRef) -> None:
    stream = make_live()
    given = share(stream.session_id)
    watch_id = guest_watches(beds, given, stream)

    left = shares.expire_share(now=given.ends_at, share_id=given.id)

    assert [place.id for place in left] == [watch_id]
    assert sharing.find_given(given.id).end_reason == "expired"


def _end_by(how: str, caller: Caller) -> None:
    about: Any = {"now": LATER, "session_id": caller.session.id}
    if how == "session":
        sessions.end_session(actor=caller.actor, **about, reason="caller_stopped")
    elif how == "consent":
        withdraw_consent(actor=caller.actor, **about)
    elif how == "less consent":
        consent(caller, now=LATER, scopes=("location",))
    elif how == "rearm":
        rearm_invitation(actor=person(), **about)
    elif how == "new link":
        send_invitation(actor=person(), **about)
    else:
        redirect_invitation(actor=person(), **about, phone_number="07700 900456")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("session", "session_over"),
        *((how, "no_consent") for how in ("consent", "less consent", "rearm", "new link", "other number")),
    ],
)
def test_share_ends_with_what_it_stands_on(in_herts: Unit, beds: ForceRef, how: str, reason: str) -> None:
    caller = make_consented()
    stream = make_live(caller)
    given = share(stream.session_id)
    guest_watches(beds, given, stream)

    _end_by(how, caller)

    assert sharing.find_given(given.id).end_reason == reason
    assert not Watch.objects.filter(ended_at__isnull=True).exists()
    with pytest.raises(ShareOver):
        shares.show_shared(actor=sam(beds), now=LATER, guest="beds", share_id=given.id)


def test_guest_watches_more_than_a_share_allows_refused(in_herts: Unit, beds: ForceRef) -> None:
    stream = make_live()
    given = share(stream.session_id)
    first, *_ = [guest_watches(beds, given, stream) for _ in range(watching.MOST_PER_SHARE)]

    with pytest.raises(ShareFull):
        guest_watches(beds, given, stream)

    make_watch(stream)
    again = guest_watches(beds, given, stream, replaces=first)
    with pytest.raises(ShareFull):
        guest_watches(beds, given, stream)
    watching.end_watch(now=LATER, watch_id=again, reason="stopped")
    guest_watches(beds, given, stream)
