"""Sharing with an outside agency: who may, on what terms, and what ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from evidence import parts
from forces.accounts.permissions import Permission
from forces.context import Unit
from forces.errors import DomainError, InvalidInput, InvalidTransition, NotFound, NotPermitted
from streams.models import AgencyMessage, AgencyShare, AgencyViewer, Watch
from streams.selectors import find_session, session_summary
from streams.services import agencies, agency_codes, consent, sessions
from streams.services.locks import SessionOver
from streams.services.phone_page import phone_view
from streams.services.viewers import find_viewers
from tests.factories.agencies import agency_watches, opened, share_out, terms, verified
from tests.factories.media import make_live, make_watch
from tests.factories.officers import make_officer_live
from tests.factories.streams import NOW, AuditRows, make_consented, make_opened, make_session, person

pytestmark = pytest.mark.usefixtures("clock_at_noon")
LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize("role", ["officer", "pcso", "auditor", "force_admin", ""])
def test_role_without_the_right_shares_refused_and_audited(in_herts: Unit, audit_rows: AuditRows, role: str) -> None:
    share, live = share_out(), make_live()
    ticket = opened(share)
    whose: dict[str, Any] = {"actor": person(role), "now": NOW, "session_id": share.session_id, "share_id": share.id}

    with pytest.raises(NotPermitted):
        agencies.share_with_agency(actor=person(role), now=NOW, session_id=live.session_id, terms=terms())
    for act in (agencies.revoke_agency, agencies.read_agency_link):
        with pytest.raises(NotPermitted):
            act(**whose)
    for on_code in (agency_codes.read_out_agency_code, agency_codes.resend_agency_code):
        with pytest.raises(NotPermitted):
            on_code(**whose, viewer_id=ticket.viewer_id)

    refused = [row["act"] for row in audit_rows() if row["outcome"] == "refused"]
    assert refused == [Permission.SHARE_GRANT] * 5
    assert AgencyShare.objects.filter(ended_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (make_session, InvalidTransition),
        (lambda: make_opened().session, InvalidTransition),
        (lambda: make_consented(scopes=("location",)).session, InvalidTransition),
        (lambda: make_consented(link_kind="location", scopes=("location",)).session, InvalidTransition),
    ],
)
def test_operator_shares_what_nobody_agreed_to_refused(in_herts: Unit, make: Any, refusal: type[DomainError]) -> None:
    session = make()

    with pytest.raises(refusal):
        share_out(session.id)
    assert not AgencyShare.objects.exists()


def test_operator_shares_a_session_that_is_over_refused(in_herts: Unit) -> None:
    live = make_live()
    sessions.end_session(actor=person(), now=NOW, session_id=live.session_id, reason="operator")

    with pytest.raises(SessionOver):
        share_out(live.session_id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "army"),
        ("purpose", "curiosity"),
        ("agency", " x "),
        ("agency", "N\x00HS"),
        ("contact_name", ""),
        ("contact_phone", "01992 555 123"),
        ("contact_phone", "12"),
        ("contact_email", "robin.example"),
        ("purpose_text", "x" * 301),
        ("minutes", 14),
        ("minutes", 721),
        ("most_viewers", 0),
        ("most_viewers", 11),
    ],
)
def test_operator_gives_terms_that_cannot_be_refused_and_nothing_changes(
    in_herts: Unit, field: str, value: Any
) -> None:
    live = make_live()

    with pytest.raises(InvalidInput):
        share_out(live.session_id, **{field: value})
    assert not AgencyShare.objects.exists()


def test_operator_who_chooses_another_purpose_says_which(in_herts: Unit) -> None:
    live = make_live()
    with pytest.raises(InvalidInput):
        share_out(live.session_id, purpose="other", purpose_text="  ")

    share = share_out(live.session_id, purpose="other", purpose_text="Gas leak\nnearby")

    assert share.purpose_text == "Gas leak nearby"


def test_operator_shares_and_the_console_is_told_without_link_or_number(in_herts: Unit, audit_rows: AuditRows) -> None:
    live = make_live()

    share = share_out(live.session_id, contact_email="robin@Example.ORG", purpose_text="Two injured")

    (shown,) = session_summary(find_session(live.session_id))["agencies"]
    assert (shown["agency"], shown["purpose"]) == (
        "East of England Ambulance",
        "Medical help at the scene: Two injured",
    )
    assert shown["link_message"]["state"] == "queued"
    assert "900456" not in str(shown)
    assert "robin@" not in str(shown)
    assert [row["act"] for row in audit_rows() if row["act"].startswith("agency.")] == ["agency.granted"]
    assert "900456" not in str(audit_rows())
    given = agencies.read_agency_link(actor=person(), now=NOW, session_id=live.session_id, share_id=share.id)
    assert given.link not in str(in_herts.broadcasts)
    assert [row["operation"] for row in audit_rows() if row["act"] == "agency.link"] == ["disclosure"]


def test_share_of_one_session_is_not_found_under_another(in_herts: Unit) -> None:
    share, other = share_out(), make_live()
    ticket = opened(share)
    wrong: dict[str, Any] = {"actor": person(), "now": NOW, "session_id": other.session_id, "share_id": share.id}

    for act in (agencies.revoke_agency, agencies.read_agency_link):
        with pytest.raises(NotFound):
            act(**wrong)
    with pytest.raises(NotFound):
        agency_codes.read_out_agency_code(**wrong, viewer_id=ticket.viewer_id)
    assert AgencyShare.objects.get(pk=share.pk).ended_at is None


def test_viewer_of_one_share_is_not_found_under_another(in_herts: Unit) -> None:
    live = make_live()
    share, other = share_out(live.session_id), share_out(live.session_id)
    ticket = opened(share)

    with pytest.raises(NotFound):
        agency_codes.read_out_agency_code(
            actor=person(), now=NOW, session_id=live.session_id, share_id=other.id, viewer_id=ticket.viewer_id
        )


def test_watch_is_a_disclosure_by_name_and_agency_and_counts_as_a_guests(in_herts: Unit, audit_rows: AuditRows) -> None:
    live = make_live()
    share = share_out(live.session_id)

    watch_id = agency_watches(verified(share), live)

    (row,) = [row for row in audit_rows() if row["act"] == "agency.watch"]
    assert (row["operation"], row["actor_name"]) == ("disclosure", "Jo Marsh (East of England Ambulance)")
    assert (row["detail"]["disclosure_id"], row["detail"]["agency"]) == (str(watch_id), share.agency)
    viewers = find_viewers(live.session_id)
    assert (viewers.count, viewers.guests) == (1, 1)
    summary = session_summary(find_session(live.session_id))
    assert summary["watchers"] == [{"name": "Jo Marsh (East of England Ambulance)"}]
    assert [one["is_watching"] for one in summary["agencies"][0]["viewers"]] == [True]
    told = [frame for _, frame in in_herts.broadcasts if frame["type"] == "watch.changed"]
    assert told[-1]["guests"] == 1
    assert "names" not in told[-1]


def test_officer_is_told_an_agency_by_its_name_and_how_many(in_herts: Unit) -> None:
    stream = make_live(make_officer_live())
    share = share_out(stream.session_id)
    make_watch(stream)
    in_herts.broadcasts.clear()

    for name in ("Jo Marsh", "Sam Hill"):
        agency_watches(verified(share, name), stream)
    agency_watches(verified(share_out(stream.session_id, agency="Coastguard"), "Kit Ray"), stream)

    told = [frame for _, frame in in_herts.broadcasts if frame["type"] == "watch.changed"]
    names = ["Operator One", "Coastguard: 1", "East of England Ambulance: 2"]
    assert (told[-1]["count"], told[-1]["guests"], told[-1]["names"]) == (4, 3, names)
    assert phone_view(find_session(stream.session_id))["names"] == names


def _revoke(share: AgencyShare) -> None:
    agencies.revoke_agency(actor=person(), now=LATER, session_id=share.session_id, share_id=share.id)


def _end_session(share: AgencyShare) -> None:
    sessions.end_session(actor=person(), now=LATER, session_id=share.session_id, reason="operator")


def _withdraw(share: AgencyShare) -> None:
    from forces.actors import Actor

    consent.withdraw_consent(actor=Actor.caller(share.session_id), now=LATER, session_id=share.session_id)


def _expire(share: AgencyShare) -> None:
    for share_id in agencies.list_overdue_agencies(now=share.ends_at):
        agencies.expire_agency(now=share.ends_at, share_id=share_id)


@pytest.mark.parametrize(
    ("act", "reason"),
    [(_revoke, "revoked"), (_end_session, "session_over"), (_withdraw, "no_consent"), (_expire, "expired")],
)
def test_share_ends_with_its_watches_and_messages(in_herts: Unit, audit_rows: AuditRows, act: Any, reason: str) -> None:
    live = make_live()
    share = share_out(live.session_id, contact_email="robin@example.org")
    agency_watches(verified(share), live)

    act(share)

    ended = AgencyShare.objects.get(pk=share.pk)
    assert ended.end_reason == reason
    assert not Watch.objects.filter(ended_at__isnull=True).exists()
    assert not AgencyMessage.objects.filter(state__in=AgencyMessage.WAITING).exists()
    told = [frame for topic, frame in in_herts.broadcasts if topic == f"agency.{share.id}"]
    assert [frame["reason"] for frame in told if frame["type"] == "agency.ended"] == [reason]
    assert [row["detail"]["reason"] for row in audit_rows() if row["act"] == "agency.ended"] == [reason]
    assert session_summary(find_session(live.session_id))["agencies"] == []
    _revoke(share)
    assert len([row for row in audit_rows() if row["act"] == "agency.ended"]) == 1


def test_share_before_its_time_is_not_overdue(in_herts: Unit) -> None:
    share = share_out()

    assert agencies.list_overdue_agencies(now=share.ends_at - timedelta(seconds=1)) == []
    assert agencies.list_overdue_agencies(now=share.ends_at) == [share.id]


def test_erasure_forgets_contact_and_viewers_and_keeps_that_it_was(in_herts: Unit) -> None:
    live = make_live()
    share = share_out(live.session_id, contact_email="robin@example.org", purpose_text="Two injured")
    agency_watches(verified(share), live)
    _end_session(share)
    exported = str(parts.export_session(live.session_id))
    assert "Robin Shaw" in exported
    assert "Jo Marsh" in exported
    assert share.token_hash not in exported

    (mine,) = [part for part in parts.registered_parts() if part.kind == "streams.agencyshare"]
    assert mine.erase(live.session_id, LATER) == 1

    kept = AgencyShare.objects.get(pk=share.pk)
    assert (kept.agency, kept.contact_phone, kept.contact_email, kept.purpose_text) == (share.agency, "", "", "")
    assert not AgencyViewer.objects.filter(name="Jo Marsh").exists()
    assert not Watch.objects.filter(user_name__contains="Jo Marsh").exists()
