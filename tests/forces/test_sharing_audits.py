"""What is shared is in the audits of both forces by one id, whatever is killed in between."""

from __future__ import annotations

from datetime import datetime

import pytest

from forces.audit.services import verify_chain
from forces.context import ForceRef, in_force
from forces.services import sharing
from tests.factories.shares import SESSION, grant, open_it, sam
from tests.forces.test_sharing import audited


def test_opening_is_in_both_audits_by_one_id(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    disclosure_id = open_it(herts, beds, share, now)

    notices = in_force(beds, lambda: sharing.take_notices(now=now))

    assert [(notice.kind, notice.owner) for notice in notices] == [("granted", "herts"), ("opened", "herts")]
    given, taken = audited(herts)[-1], audited(beds)[-1]
    for row in (given, taken):
        assert (row["act"], row["operation"], row["object_id"]) == ("share.opened", "disclosure", str(share.id))
        assert row["detail"]["disclosure_id"] == str(disclosure_id)
    assert (given["actor_id"], given["actor_role"], taken["actor_id"]) == ("beds:12", "guest", "12")
    assert given["session_id"] == str(SESSION)
    assert taken["session_id"] == ""


def test_sweep_audits_what_a_killed_process_left_and_only_once(
    now: datetime, herts: ForceRef, beds: ForceRef, cambs: ForceRef
) -> None:
    """The owner's side has committed, and whoever was to tell the guest's side is gone."""
    share = grant(herts, now)
    disclosure_id = open_it(herts, beds, share, now)

    def fail() -> None:
        assert len(sharing.take_notices(now=now)) == 2
        raise RuntimeError("killed before the commit")

    with pytest.raises(RuntimeError):
        in_force(beds, fail)
    assert audited(beds) == []
    assert in_force(cambs, lambda: sharing.take_notices(now=now)) == []

    assert len(in_force(beds, lambda: sharing.take_notices(now=now))) == 2
    assert in_force(beds, lambda: sharing.take_notices(now=now)) == []
    assert [row["detail"]["disclosure_id"] for row in audited(beds)] == [str(share.id), str(disclosure_id)]
    assert in_force(beds, verify_chain).ok
    assert in_force(herts, verify_chain).ok


def test_closing_is_noticed_with_its_seconds(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    disclosure_id = open_it(herts, beds, share, now)
    actor = sam(beds)
    in_force(
        herts,
        lambda: sharing.keep_closing(
            actor=actor, now=now, share_id=share.id, disclosure_id=disclosure_id, detail={"seconds": 9}
        ),
    )

    in_force(beds, lambda: sharing.take_notices(now=now))

    closed = audited(beds)[-1]
    assert (closed["act"], closed["actor_id"], closed["detail"]["seconds"]) == ("share.closed", "12", 9)
    assert closed["detail"]["disclosure_id"] == str(disclosure_id)
