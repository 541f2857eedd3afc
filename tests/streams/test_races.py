"""What must hold when two do the same thing at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from forces import clock
from forces.context import ForceRef, in_force
from forces.errors import DomainError
from streams.models import Consent, Incident, Invitation
from streams.services.delivery import claim_delivery
from streams.services.invitations import open_invitation
from tests.factories.streams import Caller, consent, make_incident, make_invitation, token_for

T = TypeVar("T")


def at_once(acts: list[Callable[[], T]]) -> list[T | DomainError]:
    """Run the acts in threads that start together; a domain error is a result."""
    start = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | DomainError:
        start.wait(timeout=10)
        try:
            return act()
        except DomainError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_browsers_consent_at_once_one_is_bound(copy_db: str, herts: ForceRef) -> None:
    now = clock.now()

    def open_twice() -> list[Caller]:
        invitation = make_invitation(now=now)
        tickets = [open_invitation(now=now, token=token_for(invitation)).ticket for _ in range(2)]
        return [Caller(invitation.session, ticket) for ticket in tickets]

    browsers = in_force(herts, open_twice)
    found = at_once([lambda browser=browser: in_force(herts, consent, browser, now=now) for browser in browsers])  # type: ignore[misc]

    refused = [error.code for error in found if isinstance(error, DomainError)]
    assert refused == ["link_in_use"]
    assert in_force(herts, Consent.objects.count) == 1


def test_four_workers_claim_at_once_one_gets_the_message(copy_db: str, herts: ForceRef) -> None:
    now = clock.now()
    invitation_id = in_force(herts, lambda: make_invitation(now=now).id)

    found = at_once([lambda: in_force(herts, claim_delivery, now=now, invitation_id=invitation_id) for _ in range(4)])

    assert len([claimed for claimed in found if claimed is not None]) == 1
    assert in_force(herts, lambda: Invitation.objects.get(pk=invitation_id).attempts) == 1


def test_four_operators_open_incidents_at_once_each_has_a_number(copy_db: str, herts: ForceRef) -> None:
    now = clock.now()

    at_once([lambda: in_force(herts, lambda: make_incident(now=now).reference) for _ in range(4)])

    references = in_force(herts, lambda: list(Incident.objects.values_list("reference", flat=True)))
    assert sorted(reference[-4:] for reference in references) == ["0001", "0002", "0003", "0004"]
