"""A share with the recording: when there may be one, how long it stands, and what the guest is shown by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from evidence.services.retention import erase_session_parts
from forces.actors import Actor
from forces.context import ForceRef, Unit
from forces.services import sharing
from forces.services.sharing import Share, ShareOver
from streams.models import Consent, Invitation, Stream, Watch
from streams.selectors import find_session, session_summary
from streams.services import chat, sessions, shares
from streams.services.consent import withdraw_consent
from streams.services.invitations import rearm_invitation
from streams.services.recording import RecordingConsentMissing
from tests.factories.media import make_live
from tests.factories.officers import make_officer_live
from tests.factories.recordings import BYTES, make_sealed, register, seal
from tests.factories.shares import guest_watches, sam, share
from tests.factories.streams import NOW, Caller, consent, make_consented, make_opened, person
from tests.streams.test_shares import LATER, abroad, add_fix

pytestmark = pytest.mark.usefixtures("clock_at_noon")
AFTER = LATER + timedelta(minutes=1)


def show(beds: ForceRef, given: Share) -> dict[str, Any]:
    return shares.show_shared(actor=sam(beds), now=LATER, guest="beds", share_id=given.id)


def end_of(given: Share) -> str:
    return sharing.find_given(given.id).end_reason


def stop(caller: Caller) -> None:
    sessions.end_session(actor=caller.actor, now=LATER, session_id=caller.session.id, reason="caller_stopped")


def shared(**changed: Any) -> tuple[Caller, Stream, Share]:
    """A caller who is live, and shared with the recording."""
    caller = make_consented()
    stream = make_live(caller)
    return caller, stream, share(stream.session_id, has_recording=True, **changed)


def test_operator_shares_a_recording_that_nobody_agreed_to_refused(in_herts: Unit) -> None:
    stream = make_live(scopes=("location", "video"))
    with pytest.raises(RecordingConsentMissing):
        share(stream.session_id, has_recording=True)
    assert sharing.standing_shares(stream.session_id) == []
    share(stream.session_id)


def test_live_share_ends_with_the_session_and_one_with_the_recording_stands(in_herts: Unit, beds: ForceRef) -> None:
    caller, stream, given = shared()
    live_only = share(stream.session_id, "cambs")
    guest_watches(beds, given, stream)
    in_herts.abroad.clear()

    stop(caller)

    assert (end_of(live_only), end_of(given)) == ("session_over", "")
    assert not Watch.objects.filter(ended_at__isnull=True).exists()
    assert [schema for schema, _, _ in abroad(in_herts, "shared.ended")] == ["cambs"]
    told = abroad(in_herts, "shared.changed")[-1]
    assert (told[0], told[2]["shared"]["ended_at"]) == ("beds", "2026-11-22T14:05:00.000Z")
    summary = session_summary(find_session(stream.session_id))
    assert [(one["force"], one["recording"]) for one in summary["shares"]] == [("beds", True)]


def test_guest_of_an_ended_session_is_shown_its_recordings_and_nothing_else(
    in_herts: Unit, beds: ForceRef, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    caller, stream, given = shared(has_chat=True)
    add_fix(caller)
    chat.post_message(actor=caller.actor, now=NOW, session_id=caller.session.id, client_id="1", text="On the roof")
    assert (show(beds, given)["position"] is None, show(beds, given)["recordings"]) == (False, [])
    stop(caller)
    item = make_sealed(stream, is_complete=False)
    make_sealed(make_live())

    shown = show(beds, given)

    assert (shown["position"], shown["messages"]) == (None, [])
    assert shown["recordings"] == [
        {
            "id": str(item.id),
            "started_at": "2026-11-22T14:00:00.000Z",
            "seconds": 61,
            "bytes": BYTES,
            "is_complete": False,
        }
    ]
    opened = [row["detail"]["what"] for row in audit_rows() if row["act"] == "share.opened"]
    assert opened[-2:] == ["position and messages and list of recordings", "list of recordings"]


def test_guest_of_a_live_share_is_told_of_no_recording(in_herts: Unit, beds: ForceRef) -> None:
    stream = make_live()
    given = share(stream.session_id)

    make_sealed(stream)

    assert show(beds, given)["recordings"] == []
    assert show(beds, given)["shared"]["recording"] is False
    assert abroad(in_herts, "shared.recordings") == []


def test_guest_who_opened_it_is_told_when_a_recording_is_sealed(in_herts: Unit, beds: ForceRef) -> None:
    _, stream, given = shared()
    item_id = register(stream)
    assert abroad(in_herts, "shared.recordings") == []

    seal(item_id)

    (told,) = abroad(in_herts, "shared.recordings")
    assert told[:2] == ("beds", f"shared.{given.id}")
    assert (told[2]["share_id"], [one["id"] for one in told[2]["recordings"]]) == (str(given.id), [str(item_id)])


def test_guest_whose_share_is_over_is_not_told_of_a_recording(in_herts: Unit) -> None:
    revoked, stream, given = shared()
    shares.revoke_share(actor=person(), now=NOW, session_id=revoked.session.id, share_id=given.id)
    make_sealed(stream)
    _, other, _ = shared(ends_at=LATER)
    make_sealed(other, now=LATER)
    assert abroad(in_herts, "shared.recordings") == []


def test_operator_revokes_after_the_session_and_time_ends_it(in_herts: Unit, beds: ForceRef) -> None:
    caller, _, given = shared()
    stop(caller)
    shares.revoke_share(actor=person(), now=AFTER, session_id=caller.session.id, share_id=given.id)
    assert end_of(given) == "revoked"
    with pytest.raises(ShareOver):
        show(beds, given)

    other, _, second = shared()
    stop(other)
    assert shares.expire_share(now=second.ends_at, share_id=second.id) == []
    assert end_of(second) == "expired"


@pytest.mark.parametrize("is_over", [False, True])
def test_withdrawn_consent_ends_it_whether_the_session_is_over_or_not(
    in_herts: Unit, beds: ForceRef, is_over: bool
) -> None:
    caller, stream, given = shared()
    make_sealed(stream)
    if is_over:
        stop(caller)

    withdraw_consent(actor=caller.actor, now=AFTER, session_id=caller.session.id)

    assert end_of(given) == "no_consent"
    with pytest.raises(ShareOver):
        show(beds, given)


def test_caller_who_takes_back_the_recording_alone_ends_what_shares_it(in_herts: Unit) -> None:
    caller, stream, given = shared()
    live_only = share(stream.session_id, "cambs")

    consent(caller, now=LATER, scopes=("location", "video"))

    assert (end_of(given), end_of(live_only)) == ("no_consent", "")


def test_guest_is_not_shown_what_was_recorded_under_a_consent_that_ended(in_herts: Unit, beds: ForceRef) -> None:
    caller, stream, _ = shared()
    make_sealed(stream)
    rearm_invitation(actor=person(), now=LATER, session_id=caller.session.id)
    again = make_opened(Invitation.objects.select_related("session").get(session=caller.session), now=LATER)
    make_consented(again, now=AFTER)

    given = share(stream.session_id, has_recording=True, now=AFTER)
    assert show(beds, given)["recordings"] == []
    newer = make_sealed(make_live(again, now=AFTER), now=AFTER)

    assert [one["id"] for one in show(beds, given)["recordings"]] == [str(newer.id)]


def test_consent_given_anew_without_a_gap_hides_nothing(in_herts: Unit, beds: ForceRef) -> None:
    caller, stream, given = shared()
    item = make_sealed(stream)

    consent(caller, now=LATER, scopes=("location", "recording", "upload", "video"))

    assert Consent.objects.filter(session=caller.session).count() == 2
    assert [one["id"] for one in show(beds, given)["recordings"]] == [str(item.id)]


def test_officers_recording_is_shown_by_order(in_herts: Unit, beds: ForceRef) -> None:
    stream = make_live(make_officer_live())
    given = share(stream.session_id, has_recording=True)
    item = make_sealed(stream)
    assert [one["id"] for one in show(beds, given)["recordings"]] == [str(item.id)]


def test_erasure_of_the_session_ends_it(in_herts: Unit, beds: ForceRef) -> None:
    caller, _, given = shared()
    stop(caller)

    erase_session_parts(
        actor=Actor.system("retention"),
        now=AFTER,
        session_id=caller.session.id,
        reason="The retention period has ended.",
    )

    ended = sharing.find_given(given.id)
    assert (ended.end_reason, ended.purpose) == ("erased", "[erased]")
    assert abroad(in_herts, "shared.ended")[-1][2]["reason"] == "erased"
