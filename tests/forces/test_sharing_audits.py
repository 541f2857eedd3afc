"""What is shared is in the audits of both forces by one id, whatever is killed in between."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from forces.audit.services import verify_chain
from forces.context import ForceRef, in_force
from forces.services import sharing
from forces.services.share_rows import Share, call
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


def notify(owner: ForceRef, share: Share, now: datetime, detail: str) -> UUID:
    """Write a notice as the owner's login can, past the services."""
    disclosure_id = uuid4()
    in_force(owner, lambda: call("share_notify", share.id, "opened", disclosure_id, now, detail))
    return disclosure_id


def test_owner_writes_over_what_the_rows_say_and_it_stays(now: datetime, herts: ForceRef, beds: ForceRef) -> None:
    share = grant(herts, now)
    lies = {"owner": "cambs", "at": "1999", "disclosure_id": "another", "what": "picture"}
    disclosure_id = notify(herts, share, now, json.dumps(lies))

    in_force(beds, lambda: sharing.take_notices(now=now))

    assert audited(beds)[-1]["detail"] == {
        "owner": "herts", "at": now.isoformat(), "disclosure_id": str(disclosure_id), "what": "picture"
    }  # fmt: skip


@pytest.mark.parametrize(
    "detail",
    [
        "[1]",
        "null",
        '"words"',
        json.dumps({"user_id": "1" * 65}),
        json.dumps({"user_id": "1", "user_name": "n" * 151}),
        json.dumps({"user_id": ["1"]}),
        json.dumps({"user_id": "1", "request_id": 7}),
        "[" * 2000 + "]" * 2000,
        '{"what": ' + "9" * 5000 + "}",
        '{"what": ' + "9" * 400 + ".5}",
    ],
)
def test_notice_that_cannot_be_read_is_audited_by_its_ids_and_stops_no_other(
    now: datetime, herts: ForceRef, beds: ForceRef, detail: str
) -> None:
    share = grant(herts, now)
    disclosure_id, after = notify(herts, share, now, detail), open_it(herts, beds, share, now)

    in_force(beds, lambda: sharing.take_notices(now=now))

    unread, last = audited(beds)[-2:]
    assert (unread["actor_id"], unread["object_id"]) == ("share:herts", str(share.id))
    assert unread["detail"] == {
        "unreadable": True, "disclosure_id": str(disclosure_id), "owner": "herts", "at": now.isoformat()
    }  # fmt: skip
    assert (last["actor_id"], last["detail"]["disclosure_id"]) == ("12", str(after))
