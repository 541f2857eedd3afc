"""A session's summary says the same of one session that is asked for as of one among many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from forces.accounts.models import User
from forces.accounts.roles import Role
from forces.actors import Actor
from forces.context import Unit
from streams.selectors import find_session
from streams.services.handovers import offer_handover
from streams.services.positions import NewFix, add_fix
from streams.summaries import attach_shares, session_summary, with_parts
from tests.factories.agencies import share_out
from tests.factories.media import make_live, make_recorded, make_watch
from tests.factories.streams import NOW, make_session, person

PARTS = ("invitation", "risk", "consent", "stream", "last_position", "handover", "watchers", "agencies")


def listed(session_id: UUID) -> dict[str, Any]:
    """Return the summary as lists have it, which read every table."""
    return session_summary(attach_shares(list(with_parts().filter(pk=session_id)))[0])


def test_summary_of_a_session_with_every_part_is_that_of_the_list(in_herts: Unit) -> None:
    stream = make_live()
    session_id = make_recorded(stream).session_id
    fix = NewFix(latitude=51.7640, longitude=-0.2256, accuracy_m=12.0, fixed_at=NOW)
    add_fix(actor=Actor.caller(session_id, ""), now=NOW, session_id=session_id, fix=fix)
    colleague = str(User.objects.create(username="priya", first_name="Priya", role=Role.OPERATOR).as_actor().id)
    offer_handover(actor=person(), now=NOW, session_id=session_id, to=colleague, reason="My shift ends at two")
    make_watch(stream)
    share_out(session_id)

    one = session_summary(find_session(session_id))

    assert [name for name in PARTS if not one[name]] == []
    assert one["recording"]["state"] != "off"
    assert one == listed(session_id)


def test_summary_of_a_session_without_parts_is_that_of_the_list(in_herts: Unit) -> None:
    session_id = make_session().id
    assert session_summary(find_session(session_id)) == listed(session_id)
