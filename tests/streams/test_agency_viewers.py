"""People of an agency: named, let in by a code of their own, in the number that was agreed."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from forces.context import Unit
from forces.services.sharing import ShareOver
from streams.agency_tickets import AgencyTicket, read_agency_ticket, write_agency_cookie
from streams.models import AgencyMessage, AgencyViewer
from streams.services import agencies, agency_codes, agency_leaving, agency_pages, agency_viewers, attention
from streams.services.agency_standing import (
    CODE_LASTS,
    CODE_TRIES,
    PLACE_KEPT,
    AgencyFull,
    AgencyLinkUnknown,
    AgencyNotVerified,
    agency_code_of,
    agency_token_of,
)
from streams.services.agency_viewers import AgencyCodeMalformed, AgencyCodeOld, AgencyCodeWrong
from streams.services.code_tries import CodeTriesSpent
from streams.services.links import hash_of
from tests.factories.agencies import (
    ADDRESS,
    agency_watches,
    code_of,
    opened,
    share_out,
    verified,
    viewer_now,
)
from tests.factories.media import make_live
from tests.factories.streams import NOW, AuditRows, person

pytestmark = pytest.mark.usefixtures("clock_at_noon")


def enter(ticket: AgencyTicket, typed: str, *, address: str = ADDRESS, after: timedelta = timedelta()) -> None:
    agency_viewers.verify_viewer(now=NOW + after, ticket=ticket, typed=typed, address=address)


def wrong_for(ticket: AgencyTicket) -> str:
    return f"{(int(code_of(ticket)) + 1) % 1_000_000:06d}"


def test_viewer_opens_and_a_code_goes_to_the_contact(in_herts: Unit, audit_rows: AuditRows) -> None:
    share = share_out()

    ticket = opened(share, "  Jo   Marsh ")

    viewer = viewer_now(ticket)
    assert (viewer.name, viewer.verified_at) == ("Jo Marsh", None)
    assert [message.viewer_id for message in AgencyMessage.objects.all()] == [viewer.id]
    with pytest.raises(AgencyNotVerified):
        agency_pages.show_agency(now=NOW, ticket=ticket)
    assert [row["act"] for row in audit_rows()][-2:] == ["agency.open", "agency.view"]
    assert audit_rows()[-1]["outcome"] == "refused"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345x", "१२३४५६"])
def test_viewer_types_no_code_refused_and_no_failure_counts(in_herts: Unit, typed: str) -> None:
    ticket = opened(share_out())

    with pytest.raises(AgencyCodeMalformed):
        enter(ticket, typed)
    assert viewer_now(ticket).code_failures == 0


def test_viewer_enters_another_viewers_code_refused(in_herts: Unit) -> None:
    share = share_out()
    ticket, other = opened(share), opened(share, "Sam Hill")

    with pytest.raises(AgencyCodeWrong):
        enter(ticket, code_of(other))
    enter(ticket, code_of(ticket))
    assert viewer_now(ticket).verified_at == NOW


def test_code_that_is_too_old_or_was_spent_lets_nobody_in(in_herts: Unit) -> None:
    ticket = opened(share_out())
    code = code_of(ticket)
    with pytest.raises(AgencyCodeOld):
        enter(ticket, code, after=CODE_LASTS)

    agency_viewers.ask_new_code(now=NOW + CODE_LASTS, ticket=ticket)

    assert code_of(ticket) != code
    with pytest.raises(AgencyCodeWrong):
        enter(ticket, code, after=CODE_LASTS)
    enter(ticket, f"{code_of(ticket)[:3]} {code_of(ticket)[3:]}", after=CODE_LASTS)


def test_five_wrong_entries_void_the_code_for_good(in_herts: Unit, audit_rows: AuditRows) -> None:
    ticket = opened(share_out())
    right = code_of(ticket)
    for number in range(CODE_TRIES):
        with pytest.raises(AgencyCodeWrong):
            enter(ticket, wrong_for(ticket), address=f"192.0.2.{number}")

    with pytest.raises(AgencyCodeOld):
        enter(ticket, right)
    assert [row["code"] for row in audit_rows() if row["outcome"] == "refused"] == ["code_unknown"] * CODE_TRIES


def test_failures_of_one_address_are_spent_whichever_viewer_tries(in_herts: Unit, audit_rows: AuditRows) -> None:
    share = share_out(most_viewers=10)
    tickets = [opened(share, f"Jo Number{letter}") for letter in "ABC"]
    for ticket in (*[tickets[0]] * 4, *[tickets[1]] * 4, *[tickets[2]] * 2):
        with pytest.raises(AgencyCodeWrong):
            enter(ticket, wrong_for(ticket))

    with pytest.raises(CodeTriesSpent):
        enter(tickets[2], wrong_for(tickets[2]))
    enter(tickets[2], code_of(tickets[2]), address="192.0.2.99")
    spent = [row["detail"] for row in audit_rows() if row["code"] == "code_tries_spent"]
    assert spent == [{"budget": "address"}]


def test_operator_reads_a_code_out_and_it_is_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    share = share_out()
    ticket = opened(share)
    whose: dict[str, Any] = {
        "actor": person(),
        "session_id": share.session_id,
        "share_id": share.id,
        "viewer_id": ticket.viewer_id,
    }
    first = agency_codes.read_out_agency_code(now=NOW, **whose)
    assert first.code == code_of(ticket)

    later = agency_codes.read_out_agency_code(now=NOW + CODE_LASTS, **whose)

    assert later.code != first.code
    assert later.expires_at == NOW + 2 * CODE_LASTS
    assert [row["act"] for row in audit_rows()].count("agency.code") == 2
    assert first.code not in str(audit_rows())
    enter(ticket, later.code, after=CODE_LASTS)


def test_no_more_are_let_in_than_agreed_until_one_leaves(in_herts: Unit, audit_rows: AuditRows) -> None:
    share = share_out(most_viewers=1)
    first, second = verified(share), opened(share, "Sam Hill")
    with pytest.raises(AgencyFull):
        enter(second, code_of(second))
    assert viewer_now(second).verified_at is None

    agency_leaving.leave_agency(now=NOW, ticket=first)

    enter(second, code_of(second))
    with pytest.raises(AgencyNotVerified):
        agency_pages.hear_agency(now=NOW, ticket=first)


def test_page_that_is_gone_gives_its_place_away(in_herts: Unit) -> None:
    share = share_out(most_viewers=1)
    first, second = verified(share), opened(share, "Sam Hill")
    agency_pages.hear_agency(now=NOW + PLACE_KEPT, ticket=first)
    with pytest.raises(AgencyFull):
        enter(second, code_of(second), after=PLACE_KEPT)

    enter(second, code_of(second), after=2 * PLACE_KEPT)

    assert viewer_now(first).ended_at is not None


def test_no_more_watch_at_once_than_agreed(in_herts: Unit) -> None:
    live = make_live()
    share = share_out(live.session_id, most_viewers=2)
    tickets = [verified(share), verified(share, "Sam Hill")]
    for ticket in tickets:
        agency_watches(ticket, live)
    share.most_viewers = 1
    share.save()

    with pytest.raises(AgencyFull):
        agency_watches(tickets[0], live)


def test_viewer_who_watches_anew_is_one_viewer(in_herts: Unit) -> None:
    live = make_live()
    ticket = verified(share_out(live.session_id, most_viewers=1))
    first = agency_watches(ticket, live)

    second = agency_watches(ticket, live)

    open_now = viewer_now(ticket).watches.filter(ended_at__isnull=True)
    assert [watch.id for watch in open_now] == [second] != [first]


def test_viewer_watches_another_sessions_stream_refused(in_herts: Unit) -> None:
    from forces.errors import NotFound

    live, other = make_live(), make_live()
    ticket = verified(share_out(live.session_id))

    with pytest.raises(NotFound):
        agency_watches(ticket, other)


def test_page_after_the_end_is_told_why(in_herts: Unit) -> None:
    share = share_out()
    ticket = verified(share)
    agencies.revoke_agency(actor=person(), now=NOW, session_id=share.session_id, share_id=share.id)

    with pytest.raises(ShareOver) as refusal:
        agency_pages.hear_agency(now=NOW, ticket=ticket)
    assert refusal.value.details == {"reason": "revoked"}


def test_cookie_of_one_viewer_with_anothers_share_counts_nothing(in_herts: Unit) -> None:
    share, other = share_out(), share_out()
    ticket = verified(share)

    with pytest.raises(AgencyLinkUnknown):
        agency_pages.hear_agency(now=NOW, ticket=AgencyTicket(other.id, ticket.viewer_id))
    assert read_agency_ticket({settings.AGENCY_COOKIE_NAME: write_agency_cookie(ticket)}) == ticket
    for forged in ("", "x", write_agency_cookie(ticket)[1:], write_agency_cookie(ticket)[:-1]):
        assert read_agency_ticket({settings.AGENCY_COOKIE_NAME: forged}) is None


def test_a_million_guesses_meet_none_of_ten_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LINK_KEY", "a key of this test alone")
    standing = {hash_of(agency_token_of("herts", UUID(int=number))) for number in range(10)}
    guess = random.Random(20261127).randbytes

    assert sum(hash_of(guess(24).hex()) in standing for _ in range(1_000_000)) == 0
    assert len(standing) == 10


def test_codes_fill_their_space_evenly_and_are_of_one_viewer_number_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    viewers = [AgencyViewer(id=UUID(int=number), code_number=1) for number in range(10_000)]
    codes = [agency_code_of("herts", viewer) for viewer in viewers]
    for place in range(6):
        counts = [sum(code[place] == digit for code in codes) for digit in "0123456789"]
        assert 850 < min(counts) <= max(counts) < 1150
    first = viewers[0]
    assert agency_code_of("beds", first) != codes[0]
    assert agency_code_of("herts", AgencyViewer(id=first.id, code_number=2)) != codes[0]
    monkeypatch.setattr(settings, "LINK_KEY", "another")
    assert agency_code_of("herts", first) != codes[0]


def test_agency_that_watches_looks_after_nobody(in_herts: Unit) -> None:
    stream = make_live()
    agency_watches(verified(share_out(stream.session_id)), stream)

    assert [one.is_watched for one in attention.list_waiting()] == [False]
