"""The code to read out: how it is derived, and that it opens its link under the link's own rules."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings

from forces.context import ForceRef, Unit, in_force
from forces.errors import InvalidTransition, NotFound, NotPermitted
from streams.models import Invitation
from streams.services import invitations
from streams.services.codes import (
    ALPHABET,
    CODE_CHARACTERS,
    SPACE,
    CodeMalformed,
    CodeUnknown,
    code_of,
    grouped,
    hash_of_code,
    read_code,
)
from streams.services.consent import admit_caller
from streams.services.invitations import OpenedInvitation, open_by_code, read_out_code, rearm_invitation
from streams.services.sessions import end_session, expire_sessions
from tests.factories.streams import (
    NOW,
    AuditRows,
    code_for,
    make_consented,
    make_invitation,
    make_opened,
    make_session,
    person,
    session_now,
)

LATER = NOW + timedelta(minutes=10)
HOUR = NOW + timedelta(minutes=60)
LOOK_ALIKES = ("0O", "1IL", "5S", "2Z", "8B", "UV")
GUESSES = 1_000_000
LIVE_CODES = 50


def enter(typed: str, *, now: object = NOW, **fields: str) -> OpenedInvitation:
    return open_by_code(now=now, typed=typed, address="203.0.113.7", **fields)  # type: ignore[arg-type]


def refusals(rows: AuditRows) -> list[tuple[str, str]]:
    return [(row["act"], row["code"]) for row in rows() if row["outcome"] == "refused"]


def another(code: str) -> str:
    """Return a code that differs in its last character."""
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]


def invitation_of(caller: object) -> Invitation:
    return Invitation.objects.get(pk=caller.ticket.invitation_id)  # type: ignore[attr-defined]


def test_alphabet_has_no_look_alikes_and_no_vowels() -> None:
    assert [pair for pair in (*LOOK_ALIKES, "AEIOU") if set(pair) & set(ALPHABET)] == []
    assert len(set(ALPHABET)) == len(ALPHABET) == 21
    assert SPACE == 37_822_859_361


@pytest.mark.parametrize(
    "typed", ["", " - ", "CDFG346", "CDFG34679", "CDFG 346O", "CDFG_3467", "CDFG 3467\x00", "ÇDFG 3467", "A" * 9000]
)
def test_caller_types_what_is_no_code_refused(typed: str) -> None:
    with pytest.raises(CodeMalformed):
        read_code(typed)


@pytest.mark.parametrize(
    "typed", ["CDFG3467", "cdfg 3467", " CdFg-3467 ", "C D F G 3 4 6 7", "CDFG\u20133467", "cdfg\u00a03467\n"]
)
def test_caller_types_code_in_any_case_and_groups(typed: str) -> None:
    assert read_code(typed) == "CDFG3467"


def test_a_million_guesses_meet_none_of_fifty_live_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each guess is hashed and looked up as an entered one is; with 50 in 37.8 thousand million 0.0013 should hit."""
    monkeypatch.setattr(settings, "LINK_KEY", "a key of this test alone, so that its outcome is always the same")
    codes = [code_of("herts", UUID(int=number), 1) for number in range(LIVE_CODES)]
    live = {hash_of_code("herts", code) for code in codes}
    guess = random.Random(20261122).choices

    hits = sum(hash_of_code("herts", "".join(guess(ALPHABET, k=CODE_CHARACTERS))) in live for _ in range(GUESSES))

    assert hits == 0
    assert len(live) == LIVE_CODES
    assert all(hash_of_code("herts", read_code(grouped(code).lower())) in live for code in codes)


def test_codes_fill_their_space_evenly() -> None:
    codes = {code_of("herts", UUID(int=number), 1) for number in range(21_000)}

    assert len(codes) >= 20_990
    for place in range(CODE_CHARACTERS):
        counts = [sum(code[place] == character for code in codes) for character in ALPHABET]
        assert 850 < min(counts) <= max(counts) < 1150


def test_code_is_of_one_force_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = (code_of("herts", UUID(int=1), 1), hash_of_code("herts", "CDFG3467"))
    assert code_of("beds", UUID(int=1), 1) != before[0]
    assert hash_of_code("beds", "CDFG3467") != before[1]

    monkeypatch.setattr(settings, "LINK_KEY", "another")

    assert code_of("herts", UUID(int=1), 1) != before[0]
    assert hash_of_code("herts", "CDFG3467") != before[1]


def test_stranger_enters_unknown_code_refused_and_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    invitation = make_invitation()

    with pytest.raises(CodeUnknown):
        enter(another(code_for(invitation)))

    assert refusals(audit_rows) == [("code.enter", "code_unknown")]
    assert Invitation.objects.get(pk=invitation.pk).state == "queued"


def test_caller_enters_code_of_other_force_refused(copy_db: str, herts: ForceRef, beds: ForceRef) -> None:
    code = in_force(herts, lambda: code_for(make_invitation()))

    with pytest.raises(CodeUnknown):
        in_force(beds, enter, code)
    assert in_force(herts, enter, code).ticket.session_id


@pytest.fixture(params=["expired", "swept", "withdrawn", "ended", "in use"])
def spent(request: pytest.FixtureRequest, in_herts: Unit) -> tuple[str, str]:
    """Make a link that its code opens no more; returns (code, what the audit is told)."""
    invitation = invitation_of(make_consented()) if request.param == "in use" else make_invitation()
    told = {"expired": "link_expired", "swept": "link_expired", "withdrawn": "link_withdrawn", "in use": "link_in_use"}
    if request.param == "swept":
        expire_sessions(now=HOUR)
    if request.param == "withdrawn":
        make_invitation(invitation.session)
    if request.param == "ended":
        end_session(actor=person(), now=NOW, session_id=invitation.session_id, reason="ended_by_operator")
    return code_for(invitation), told.get(request.param, "session_over")


def test_caller_enters_code_of_spent_link_hears_the_same_as_of_no_link(
    spent: tuple[str, str], audit_rows: AuditRows
) -> None:
    code, told = spent
    with pytest.raises(CodeUnknown) as never:
        enter(another(code), now=HOUR)

    with pytest.raises(CodeUnknown) as once:
        enter(code, now=HOUR)

    assert once.value.as_dict() == never.value.as_dict()
    assert refusals(audit_rows)[-1] == ("invitation.open", told)


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
def test_other_role_reads_code_refused_and_audited(in_herts: Unit, audit_rows: AuditRows, role: str) -> None:
    session_id = make_invitation().session_id

    with pytest.raises(NotPermitted):
        read_out_code(actor=person(role), now=NOW, session_id=session_id)

    assert refusals(audit_rows) == [("link.send", "not_permitted")]


def test_operator_reads_code_of_unknown_session_not_found(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        read_out_code(actor=person(), now=NOW, session_id=UUID(int=7))


def test_operator_reads_code_without_usable_link_refused(in_herts: Unit) -> None:
    old, ended = make_invitation().session, make_invitation().session
    end_session(actor=person(), now=NOW, session_id=ended.id, reason="ended_by_operator")

    for session, now in ((make_session(), NOW), (old, HOUR), (ended, NOW)):
        with pytest.raises(InvalidTransition):
            read_out_code(actor=person(), now=now, session_id=session.id)


def test_operator_reads_code_of_link_from_before_codes_refused(in_herts: Unit) -> None:
    invitation = make_invitation()
    Invitation.objects.filter(pk=invitation.pk).update(code_hash=None)

    with pytest.raises(InvalidTransition):
        read_out_code(actor=person(), now=NOW, session_id=invitation.session_id)


def test_operator_reads_code_audited_as_disclosure_and_told_to_nobody(in_herts: Unit, audit_rows: AuditRows) -> None:
    invitation = make_invitation()
    broadcasts = len(in_herts.broadcasts)

    shown = read_out_code(actor=person(), now=NOW, session_id=invitation.session_id)

    code = code_for(invitation)
    assert (shown.invitation_id, shown.code) == (invitation.id, f"{code[:4]} {code[4:]}")
    assert shown.address == f"herts.localhost:{settings.PUBLIC_PORT}/join"
    row = audit_rows()[-1]
    assert (row["act"], row["operation"], row["actor_id"]) == ("invitation.code", "disclosure", "operator-1")
    assert len(in_herts.broadcasts) == broadcasts


def test_nothing_of_code_in_row_audit_or_broadcasts(in_herts: Unit, audit_rows: AuditRows) -> None:
    invitation = make_invitation()
    code = code_for(invitation)
    read_out_code(actor=person(), now=NOW, session_id=invitation.session_id)
    enter(code)

    stored = str(Invitation.objects.filter(pk=invitation.pk).values())
    told = str(audit_rows()) + str(in_herts.broadcasts)

    assert code not in stored + told
    assert grouped(code) not in stored + told
    assert hash_of_code("herts", code) in stored
    assert hash_of_code("herts", code) not in told


def test_code_that_another_link_had_is_drawn_anew(in_herts: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    used_up = make_invitation()
    end_session(actor=person(), now=NOW, session_id=used_up.session_id, reason="ended_by_operator")
    drawn = iter([code_for(used_up)])
    monkeypatch.setattr(invitations, "code_of", lambda *words: next(drawn, None) or code_of(*words))

    fresh = make_invitation()

    assert fresh.code_hash == hash_of_code("herts", code_for(fresh)) != used_up.code_hash
    assert next(drawn, None) is None
    with pytest.raises(CodeUnknown):
        enter(code_for(used_up))


def test_bound_browser_enters_code_again_gets_back_in(in_herts: Unit) -> None:
    caller = make_consented()

    again = enter(code_for(invitation_of(caller)), now=LATER, browser_secret=caller.ticket.browser_secret)

    assert again.ticket == caller.ticket


def test_operator_rearms_link_its_code_lets_another_browser_in(in_herts: Unit) -> None:
    first = make_consented()
    code = code_for(invitation_of(first))
    rearm_invitation(actor=person(), now=LATER, session_id=first.session.id)

    second = enter(code, now=LATER)

    assert read_code(read_out_code(actor=person(), now=LATER, session_id=first.session.id).code) == code
    assert admit_caller(now=LATER, ticket=second.ticket).state == "opened"


def test_link_that_was_opened_lets_code_in_until_consent(in_herts: Unit) -> None:
    opened = make_opened()

    assert enter(code_for(invitation_of(opened))).ticket.invitation_id == opened.ticket.invitation_id


def test_operator_sends_new_link_new_code_opens_it(in_herts: Unit, audit_rows: AuditRows) -> None:
    first = make_invitation()
    second = make_invitation(first.session, now=LATER)
    assert code_for(first) != code_for(second)

    ticket = enter(grouped(code_for(second)).lower(), now=LATER).ticket

    assert ticket.invitation_id == second.id
    assert session_now(second.session_id).state == "opened"
    row = audit_rows()[-1]
    assert (row["act"], row["actor_kind"], row["detail"]) == (
        "invitation.open",
        "caller",
        {"by": "code", "state": "opened"},
    )
