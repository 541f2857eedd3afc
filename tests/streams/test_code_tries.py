"""The budget of wrong codes: per address and per force, and closed while nothing can be counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import redis
from django.conf import settings

from forces import dispatch
from forces.audit.models import AuditEntry
from forces.context import ForceRef, Unit, in_force
from forces.dispatch import redis_client
from forces.errors import DomainError
from streams.models import Invitation
from streams.services.code_tries import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_FORCE,
    WINDOW,
    CodesUnavailable,
    CodeTriesSpent,
)
from streams.services.codes import CodeMalformed, CodeUnknown
from streams.services.invitations import OpenedInvitation, describe_link, open_by_code, open_invitation
from tests.factories.streams import NOW, AuditRows, code_for, make_invitation, token_for

WRONG = "CDFG 3467"
HOME = "203.0.113.7"
LATER = NOW + WINDOW


def enter(typed: str = WRONG, *, address: str = HOME, now: object = NOW) -> OpenedInvitation:
    return open_by_code(now=now, typed=typed, address=address)  # type: ignore[arg-type]


def fail(times: int = FAILURES_PER_ADDRESS, *, address: str = HOME) -> None:
    for _ in range(times):
        with pytest.raises(CodeUnknown):
            enter(address=address)


def fail_everywhere() -> None:
    """Spend the force's budget from addresses that keep within their own."""
    for number in range(FAILURES_PER_FORCE // FAILURES_PER_ADDRESS):
        fail(address=f"198.51.100.{number}")


def refused(rows: AuditRows) -> list[dict[str, str]]:
    return [row["detail"] for row in rows() if row["code"] == "code_tries_spent"]


@pytest.fixture
def dead_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have no Redis at the other end."""
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(dispatch, "_redis", None)
    yield
    assert isinstance(dispatch._redis, redis.Redis), "nothing asked for Redis"


def test_right_code_after_ten_failures_of_its_address_refused(in_herts: Unit) -> None:
    invitation = make_invitation()
    fail()

    with pytest.raises(CodeTriesSpent) as refusal:
        enter(code_for(invitation), now=NOW + timedelta(minutes=4))

    assert refusal.value.details == {"wait_seconds": 360}
    assert "6 minutes" in refusal.value.message
    assert Invitation.objects.get(pk=invitation.pk).state == "queued"


def test_right_code_after_three_hundred_failures_of_the_force_refused(in_herts: Unit) -> None:
    invitation = make_invitation()
    fail_everywhere()

    with pytest.raises(CodeTriesSpent):
        enter(code_for(invitation))


def test_many_at_once_fail_no_more_often_than_one_after_the_other(copy_db: str, herts: ForceRef) -> None:
    def one(_: int) -> str:
        try:
            in_force(herts, enter)
        except DomainError as error:
            return error.code
        return "opened"

    with ThreadPoolExecutor(6) as threads:
        found = Counter(threads.map(one, range(6 * FAILURES_PER_ADDRESS)))

    assert found == {"code_unknown": FAILURES_PER_ADDRESS, "code_tries_spent": 5 * FAILURES_PER_ADDRESS}
    spent = AuditEntry.objects.filter(code="code_tries_spent")
    assert in_force(herts, spent.count) == 1


def test_spent_budget_is_audited_once_in_its_window(in_herts: Unit, audit_rows: AuditRows) -> None:
    fail()
    for _ in range(5):
        with pytest.raises(CodeTriesSpent):
            enter()
    assert refused(audit_rows) == [{"budget": "address"}]

    for number in range(FAILURES_PER_FORCE // FAILURES_PER_ADDRESS - 1):
        fail(address=f"198.51.100.{number}")
    for number in range(5):
        with pytest.raises(CodeTriesSpent):
            enter(address=f"192.0.2.{number}")

    assert refused(audit_rows) == [{"budget": "address"}, {"budget": "force"}]


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("", "not an address", True),
    ],
)
def test_addresses_of_one_client_count_as_one(in_herts: Unit, first: str, second: str, is_one: bool) -> None:
    fail(address=first)

    with pytest.raises(CodeTriesSpent if is_one else CodeUnknown):
        enter(address=second)


def test_code_without_redis_refused_links_go_on(in_herts: Unit, dead_redis: None) -> None:
    invitation = make_invitation()

    with pytest.raises(CodesUnavailable) as refusal:
        enter(code_for(invitation))

    assert (refusal.value.code, refusal.value.http_status) == ("unavailable", 503)
    assert Invitation.objects.get(pk=invitation.pk).state == "queued"
    assert describe_link(now=NOW, token=token_for(invitation)).is_video
    assert open_invitation(now=NOW, token=token_for(invitation)).ticket.invitation_id == invitation.id


def test_link_after_all_failures_opens(in_herts: Unit) -> None:
    invitation = make_invitation()
    fail_everywhere()

    assert open_invitation(now=NOW, token=token_for(invitation)).ticket.invitation_id == invitation.id


def test_failures_of_one_force_spend_nothing_of_another(copy_db: str, herts: ForceRef, beds: ForceRef) -> None:
    in_force(herts, fail)

    with pytest.raises(CodeTriesSpent):
        in_force(herts, enter)
    in_force(beds, fail)


def test_what_is_no_failure_is_not_counted(in_herts: Unit) -> None:
    invitation = make_invitation()
    for _ in range(2 * FAILURES_PER_ADDRESS):
        enter(code_for(invitation))
        with pytest.raises(CodeMalformed):
            enter("CDFG 346")

    fail()

    with pytest.raises(CodeTriesSpent):
        enter(code_for(invitation))


def test_refused_tries_make_the_wait_no_longer(in_herts: Unit) -> None:
    invitation = make_invitation()
    fail()
    for _ in range(2 * FAILURES_PER_ADDRESS):
        with pytest.raises(CodeTriesSpent):
            enter()

    assert enter(code_for(invitation), now=LATER).ticket.invitation_id == invitation.id


def test_counts_are_of_the_force_without_address_and_do_not_stay(in_herts: Unit) -> None:
    fail()
    with pytest.raises(CodeTriesSpent):
        enter()

    keys = [key.decode() for key in redis_client().scan_iter()]

    assert len(keys) == 3
    assert [key for key in keys if not key.startswith("herts:code-tries:") or HOME in key] == []
    assert all(600 < int(str(redis_client().ttl(key))) <= 660 for key in keys)
