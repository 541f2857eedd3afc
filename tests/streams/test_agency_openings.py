"""Opening an agency's link: nothing for strangers, names that are names, and no flood of texts or of people."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from forces.context import Unit
from forces.errors import InvalidInput
from streams.models import AgencyMessage, AgencyViewer
from streams.services import agencies, agency_codes, agency_openings, agency_viewers
from streams.services.agency_messages import KEPT_FOR_OPERATOR, MOST_CODES, TooManyCodes
from streams.services.agency_openings import ADDRESSES, SPARE_OPENINGS, TooManyOpenings
from streams.services.agency_standing import AgencyFull, AgencyLinkUnknown, agency_token_of
from streams.services.agency_viewers import AgencyCodeWrong
from tests.factories.agencies import ADDRESS, code_of, opened, share_out, verified, viewer_now
from tests.factories.streams import NOW, AuditRows, person
from tests.streams.test_agency_viewers import enter, wrong_for

pytestmark = pytest.mark.usefixtures("clock_at_noon")


def test_stranger_guesses_a_token_refused(in_herts: Unit) -> None:
    share_out()

    for token in ("", "x" * 32, agency_token_of("beds", UUID(int=1))):
        with pytest.raises(AgencyLinkUnknown):
            agency_openings.open_agency_link(now=NOW, token=token, name="Jo Marsh", address=ADDRESS)
    assert not AgencyViewer.objects.exists()


def test_link_that_has_ended_opens_nothing_and_says_nothing_else(in_herts: Unit) -> None:
    revoked, expired = share_out(), share_out(minutes=15)
    agencies.revoke_agency(actor=person(), now=NOW, session_id=revoked.session_id, share_id=revoked.id)

    for share, at in ((revoked, NOW), (expired, expired.ends_at)):
        with pytest.raises(AgencyLinkUnknown) as refusal:
            opened(share, now=at)
        assert refusal.value.details is None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "J",
            "  ",
            "1234",
            "x" * 61,
            "Jo\x07Marsh",
            "\u202eJo",
            "-.",
            "Jo Marsh2",
            "Jo/Marsh",
            "Jo:Marsh",
            "Jo@Marsh",
        ),
        *(
            "evil.com",
            "Jo evil.com",
            "t.co",
            "http://evil.com",
            "www.g.co",
            "evil.com.",
            "bücher.example",
            "Jo․evil",
            "J.Smith",
        ),
    ],
)
def test_viewer_types_no_name_or_what_reads_as_a_link_refused_and_no_code_goes_out(in_herts: Unit, name: str) -> None:
    share = share_out()

    with pytest.raises(InvalidInput):
        opened(share, name)
    assert not AgencyMessage.objects.exists()
    assert not AgencyViewer.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "J.R. Hill",
        "Dr. Seán O'Brien-Ó Néill",
        "Zoë d’Arcy",
        "محمد علي",
        "अनिल कुमार",
        "李 小龙",
        "x" * 60,
        "Sam Hill Jr.",
    ],
)
def test_viewer_of_any_language_is_let_type_the_own_name(in_herts: Unit, name: str) -> None:
    assert viewer_now(opened(share_out(), name)).name == name


def test_link_is_opened_again_and_again_refused_before_anything_is_kept(in_herts: Unit, audit_rows: AuditRows) -> None:
    share = share_out(most_viewers=1)
    for _ in range(share.most_viewers + SPARE_OPENINGS):
        opened(share)

    for _ in range(3):
        with pytest.raises(TooManyOpenings) as refusal:
            opened(share)
    assert (refusal.value.details or {})["wait_seconds"] > 0
    assert share.viewers.count() == share.most_viewers + SPARE_OPENINGS
    spent = [row for row in audit_rows() if row["outcome"] == "refused"]
    assert [(row["act"], row["detail"]) for row in spent] == [("agency.open", {"budget": "address"})]
    opened(share, address="192.0.2.8")


def test_many_addresses_open_a_link_no_oftener_than_the_share_allows(in_herts: Unit) -> None:
    share = share_out(most_viewers=1)
    most = ADDRESSES * (share.most_viewers + SPARE_OPENINGS)
    for number in range(most):
        opened(share, address=f"192.0.2.{number}")

    with pytest.raises(TooManyOpenings):
        opened(share, address="198.51.100.1")
    opened(share_out(), address="198.51.100.1")


def test_contact_is_not_flooded_with_codes_and_the_operator_sends_one_still(in_herts: Unit) -> None:
    share = share_out(most_viewers=10)
    (_, most), (hour, most_of_hour) = MOST_CODES
    for number in range(most):
        opened(share, address=f"192.0.2.{number}")
    unsent = opened(share, address="198.51.100.1")

    assert AgencyMessage.objects.count() == most
    assert agency_viewers.describe_waiting(now=NOW, ticket=unsent).has_text is False
    whose = {"session_id": share.session_id, "share_id": share.id, "viewer_id": unsent.viewer_id}
    for _ in range(KEPT_FOR_OPERATOR):
        agency_codes.resend_agency_code(actor=person(), now=NOW, **whose)
    assert agency_viewers.describe_waiting(now=NOW, ticket=unsent).has_text is True
    with pytest.raises(TooManyCodes):
        agency_codes.resend_agency_code(actor=person(), now=NOW, **whose)
    for number in range(most_of_hour):
        opened(share, now=NOW + timedelta(minutes=11 + number), address=f"203.0.113.{number}")
    sent = AgencyMessage.objects.filter(queued_at__gt=NOW + timedelta(minutes=40) - hour)
    assert sent.count() <= most_of_hour + KEPT_FOR_OPERATOR


def test_strangers_who_open_push_out_neither_who_waits_nor_who_was_let_in(in_herts: Unit) -> None:
    share = share_out(most_viewers=1)
    watching, waiting = verified(share), opened(share, "Sam Hill")

    for number in range(4):
        opened(share, "No One", address=f"203.0.113.{number}")

    assert viewer_now(watching).ended_at is None
    enter_late = wrong_for(waiting)
    with pytest.raises(AgencyCodeWrong):
        enter(waiting, enter_late)
    with pytest.raises(AgencyFull):
        enter(waiting, code_of(waiting))
    assert viewer_now(watching).ended_at is None
