"""What officers are told at once: on their own pages, seen once, gone in the end."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from forces.context import ForceRef, Unit, ain_force
from forces.errors import NotFound, NotPermitted
from streams.models import Notice
from streams.services.notices import (
    KEPT,
    MOST_SHOWN,
    erase_old_notices,
    notify_officer_on_commit,
    see_notice,
    unseen_notices,
)
from tests.factories.notices import make_notice
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, AuditRows, person
from tests.streams.socket_peers import Peers, read

LATER = NOW + timedelta(minutes=1)


@pytest.mark.parametrize("role", ["operator", "auditor", "force_admin"])
def test_role_that_is_not_out_sees_a_notice_refused(in_herts: Unit, role: str) -> None:
    notice = make_notice(make_officer())
    with pytest.raises(NotPermitted):
        see_notice(actor=person(role), now=LATER, notice_id=notice.id)


def test_officer_sees_a_colleagues_notice_refused_and_their_own_once(in_herts: Unit, audit_rows: AuditRows) -> None:
    actor = make_officer()
    notice = make_notice(actor)
    with pytest.raises(NotFound):
        see_notice(actor=make_officer("jones"), now=LATER, notice_id=notice.id)
    with pytest.raises(NotFound):
        see_notice(actor=actor, now=LATER, notice_id=uuid4())
    assert len(unseen_notices(user_id=actor.id, now=LATER)) == 1

    see_notice(actor=actor, now=LATER, notice_id=notice.id)
    see_notice(actor=actor, now=LATER + timedelta(minutes=1), notice_id=notice.id)

    assert Notice.objects.get().seen_at == LATER
    assert unseen_notices(user_id=actor.id, now=LATER) == []
    assert [row["act"] for row in audit_rows()] == ["notice.make", "notice.see"]


def test_kind_that_there_is_not_tells_nobody(in_herts: Unit) -> None:
    with pytest.raises(ValueError, match="gossip"):
        notify_officer_on_commit(make_officer().id, "gossip", now=NOW)
    assert not Notice.objects.exists()


def test_officer_is_shown_the_newest_that_still_matter_oldest_first(in_herts: Unit) -> None:
    actor = make_officer()
    make_notice(actor, now=NOW - Notice.SHOWN_FOR)
    made = [make_notice(actor, now=NOW + timedelta(seconds=second)) for second in range(MOST_SHOWN + 1)]

    shown = unseen_notices(user_id=actor.id, now=LATER)

    assert [one["id"] for one in shown] == [str(one.id) for one in made[1:]]
    assert unseen_notices(user_id=make_officer("jones").id, now=LATER) == []


def test_old_notices_are_erased_and_present_ones_are_not(in_herts: Unit) -> None:
    actor = make_officer()
    make_notice(actor)
    present = make_notice(actor, now=NOW + timedelta(seconds=1))

    assert erase_old_notices(now=NOW + KEPT) == 1
    assert list(Notice.objects.all()) == [present]


def test_officer_without_a_phone_that_is_told_is_not_pushed_to(in_herts: Unit) -> None:
    assert make_notice(make_officer()).push_state == "none"
    assert in_herts.after_commit == []


async def test_officer_is_told_on_every_page_and_it_goes_from_all_when_seen_on_one(
    peers: Peers, herts: ForceRef, beds: ForceRef
) -> None:
    page, other = await peers.officer(herts), await peers.officer(herts)
    colleague, stranger = await peers.officer(herts, "pcso"), await peers.officer(beds)
    subject_id = uuid4()

    def tell() -> str:
        from forces.accounts.models import User

        return str(notify_officer_on_commit(str(User.objects.get(username="officer").pk), "assignment", subject_id))

    notice_id = await ain_force(herts, tell)

    told = (await page.expect("officer.notice"))["notice"]
    assert (told["id"], told["kind"], told["subject_id"]) == (notice_id, "assignment", str(subject_id))
    assert (await other.expect("officer.notice"))["notice"] == told
    await page.send("officer.snapshot")
    assert (await page.expect("officer.state"))["notices"] == [told]

    assert await colleague.refused("notice.seen", notice_id=notice_id) == "not_found"
    assert await stranger.refused("notice.seen", notice_id=notice_id) == "not_found"
    await page.send("notice.seen", notice_id=notice_id)
    assert (await other.expect("officer.notice_seen"))["notice_id"] == notice_id
    assert await read(herts, lambda: Notice.objects.get(pk=notice_id).seen_at) is not None
    for peer in (colleague, stranger):
        assert not [frame for frame in peer.seen if frame["type"].startswith("officer.notice")]
