"""A long walk of random acts, after each of which the rule of places holds."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from consultations.models import Consultation, Feed, Place, PrivateTalk
from consultations.services import entrance, leading, participants, talks
from forces.context import Unit
from forces.errors import DomainError
from tests.factories import consultations as made
from tests.factories.streams import NOW


def test_random_acts_never_break_the_rule_of_places(in_herts: Unit) -> None:
    """Two thousand acts by six people: whoever has a place may have it, one each, and no third is in a talk's room."""
    dice = random.Random(20261122)
    roles = ("victim", "witness", "interpreter", "solicitor", "support_worker")
    consultation = made.make_open(people=roles)
    members = [made.opened(made.person_of(consultation, role)) for role in roles]
    now = NOW
    done = 0
    for _ in range(2_000):
        now += timedelta(seconds=dice.random() * 2)
        try:
            with transaction.atomic():
                _act(dice, consultation, dice.choice(members), members, now)
            done += 1
        except (DomainError, IntegrityError):
            continue
        finally:
            _check_places(consultation.session_id)
    assert done > 300


def _act(
    dice: random.Random, consultation: Consultation, member: made.Member, members: list[made.Member], now: datetime
) -> None:
    row, leader = member.row, made.leader_of(consultation)
    at: dict[str, Any] = {"actor": leader, "now": now, **member.ids}
    own: dict[str, Any] = {"actor": member.actor, "now": now, **member.ids}
    going_on = PrivateTalk.objects.exclude(state="ended").filter(session_id=consultation.session_id).first()
    acts: list[Callable[[], Any]] = [
        lambda: made.say_ready(member, now=now),
        lambda: made.let_in(consultation, row.id, now=now),
        lambda: entrance.send_away(**at, admission=row.admission, text="later"),
        lambda: entrance.put_back(**at, admission=row.admission),
        lambda: made.sit(member, now=now),
        lambda: made.sit(member, now=now, purpose="check"),
        lambda: made.sit(member, now=now, purpose="talk", talk_id=going_on.id if going_on else None),
        lambda: leading.leave_call(**own),
        lambda: leading.leave(**own),
        lambda: entrance.lock_room(actor=leader, now=now, session_id=row.session_id, on=dice.random() < 0.2),
        lambda: talks.ask_talk(**own, with_id=dice.choice(members).participant_id),
        lambda: talks.accept_talk(**own, talk_id=going_on.id if going_on else uuid4(), node="media-1"),
        lambda: talks.note_talk_open(now=now, talk_id=going_on.id) if going_on else None,
        lambda: talks.end_talk(**own),
        lambda: entrance.wait_again(now=now, **member.ids),
        lambda: participants.rearm(**at) if dice.random() < 0.05 else None,
        lambda: entrance.remove_participant(**at, admission=row.admission, reason="") if dice.random() < 0.01 else None,
    ]
    dice.choice(acts)()


def _check_places(session_id: UUID) -> None:
    opened = Place.objects.select_related("participant", "talk").filter(session_id=session_id, ended_at__isnull=True)
    seen = set()
    for place in opened:
        assert place.participant_id not in seen, "two places of one person"
        seen.add(place.participant_id)
        assert place.participant.removed_at is None
        if place.purpose == "call":
            assert place.participant.state == "admitted"
        if place.purpose == "talk":
            assert place.talk is not None
            assert place.talk.has(place.participant_id)
            assert place.talk.state == "on"
    for feed in Feed.objects.select_related("place__talk").exclude(state="ended").filter(session_id=session_id):
        assert not feed.place.is_over
        if feed.place.talk is not None:
            assert feed.place.talk.has(feed.participant_id)
