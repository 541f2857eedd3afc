"""Who may share with whom, who is let in by it, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from forces.actors import Actor
from forces.audit.models import AuditEntry
from forces.context import ForceRef, in_force
from forces.errors import InvalidInput, InvalidTransition, NotPermitted
from forces.services import sharing
from forces.services.sharing import End, Share, ShareOver, ShareUnknown
from tests.factories.shares import SESSION, grant, open_it
from tests.factories.streams import person


def audited(force: ForceRef, prefix: str = "share.") -> list[dict[str, Any]]:
    return in_force(force, lambda: [dict(row) for row in AuditEntry.objects.filter(act__startswith=prefix).values()])


def admit(force: ForceRef, share_id: UUID, now: datetime, role: str = "operator") -> Share:
    return in_force(force, lambda: sharing.admit_guest(actor=person(role), now=now, share_id=share_id))


def end(force: ForceRef, share: Share, now: datetime) -> Share | None:
    return in_force(force, lambda: sharing.end_share(actor=person(), now=now, share_id=share.id, reason=End.REVOKED))


def test_operator_shares_and_the_guest_is_admitted(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)

    assert admit(beds, share.id, now) == share
    assert (share.owner, share.guest, share.stands(now)) == ("herts", "beds", True)
    assert in_force(beds, sharing.received_shares) == [share]
    assert in_force(herts, sharing.standing_shares, SESSION) == [share]


def test_grant_says_whether_it_goes_with_the_recording(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    live_only, recorded = grant(herts, now, guest="cambs"), grant(herts, now, has_recording=True)

    assert (live_only.has_recording, recorded.has_recording) == (False, True)
    assert in_force(beds, sharing.received_shares) == [recorded]
    assert [row["detail"]["recording"] for row in audited(herts)] == [False, True]


def test_third_force_is_told_of_nothing(now: datetime, herts: ForceRef, beds: ForceRef, cambs: ForceRef) -> None:
    share = grant(herts, now)

    with pytest.raises(ShareUnknown):
        admit(cambs, share.id, now)
    assert in_force(cambs, sharing.received_shares) == []
    assert in_force(beds, sharing.standing_shares, SESSION) == []
    row = audited(cambs)[-1]
    assert (row["act"], row["outcome"], row["code"]) == ("share.opened", "refused", "not_found")


def test_owner_refuses_a_guest_that_is_another(now: datetime, herts: ForceRef, cambs: ForceRef) -> None:
    share = grant(herts, now)
    with pytest.raises(ShareUnknown):
        open_it(herts, cambs, share, now)
    assert (audited(herts)[-1]["outcome"], audited(herts)[-1]["actor_id"]) == ("refused", "cambs:12")


def test_guest_guesses_an_id_refused(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    grant(herts, now)
    with pytest.raises(ShareUnknown):
        admit(beds, uuid4(), now)


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
def test_guests_person_without_the_role_refused(now: datetime, herts: ForceRef, beds: ForceRef, role: str) -> None:
    share = grant(herts, now)
    with pytest.raises(NotPermitted):
        admit(beds, share.id, now, role)


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
def test_owners_person_without_the_role_shares_nothing(now: datetime, herts: ForceRef, role: str) -> None:
    with pytest.raises(NotPermitted):
        grant(herts, now, actor=person(role))
    assert in_force(herts, sharing.standing_shares, SESSION) == []


def test_guest_opens_after_the_revocation_refused(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    admit(beds, share.id, now)

    ended = end(herts, share, now)

    assert ended is not None
    assert ended.end_reason == "revoked"
    assert end(herts, share, now) is None
    with pytest.raises(ShareOver):
        admit(beds, share.id, now)
    with pytest.raises(ShareOver):
        open_it(herts, beds, share, now)


def test_guest_opens_after_the_time_refused_swept_or_not(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    late = now + timedelta(hours=1)
    admit(beds, share.id, late - timedelta(seconds=1))

    with pytest.raises(ShareOver):
        admit(beds, share.id, late)
    with pytest.raises(ShareOver):
        open_it(herts, beds, share, late)
    assert in_force(herts, lambda: sharing.overdue_shares(now=late)) == [share]
    assert in_force(beds, lambda: sharing.overdue_shares(now=late)) == []


def test_guest_cannot_end_what_it_was_given(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    assert end(beds, share, now) is None
    assert admit(beds, share.id, now).ended_at is None


@pytest.mark.parametrize(
    "changed",
    [
        {"guest": "herts"},
        {"guest": "kent"},
        {"purpose": "  x  "},
        {"purpose": "x" * 301},
        {"ends_at": timedelta(0)},
        {"ends_at": timedelta(hours=12, seconds=1)},
    ],
)
def test_operator_shares_without_sense_refused(now: datetime, herts: ForceRef, changed: dict[str, Any]) -> None:
    if "ends_at" in changed:
        changed = {"ends_at": now + changed["ends_at"]}
    with pytest.raises(InvalidInput):
        grant(herts, now, **changed)


def test_operator_shares_twice_with_one_force_refused(now: datetime, herts: ForceRef) -> None:
    share = grant(herts, now)
    with pytest.raises(InvalidTransition):
        grant(herts, now)
    grant(herts, now, guest="cambs")
    end(herts, share, now)
    grant(herts, now)


def test_stranger_is_known_by_force_id_and_name(beds: ForceRef) -> None:
    actor = sharing.stranger(beds, Actor("user", "12", "Sam Okafor", "operator", "req"))
    assert (actor.id, actor.name, actor.role) == ("beds:12", "Sam Okafor (Bedfordshire Police)", "guest")


def test_erasure_forgets_what_it_was_for_at_the_owners_word_alone(
    now: datetime, herts: ForceRef, beds: ForceRef
) -> None:
    grant(herts, now)
    assert in_force(beds, sharing.erase_shares, SESSION, "[erased]") == 0
    assert in_force(herts, sharing.erase_shares, SESSION, "[erased]") == 1
    assert [share.purpose for share in in_force(herts, sharing.all_shares, SESSION)] == ["[erased]"]
