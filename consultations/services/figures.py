"""The benefits of consultations, counted: recomputable from the rows that stay when everything else is erased."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from consultations.models import Consultation, Feedback
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import InvalidInput
from streams.outcome_codes import LABELS
from streams.shapes import Plain, iso

CSV_FIELDS = (
    "id",
    "purpose",
    "team",
    "state",
    "starts_at",
    "opened_at",
    "over_at",
    "minutes",
    "members",
    "waited_s",
    "recorded",
    "outcome",
    "got_what_needed",
    "again",
)
State = Consultation.State


def count_figures(*, actor: Actor, now: datetime, since: datetime, until: datetime) -> Plain:
    """Return what came of the consultations that were to begin in a span; the reading is audited.

    Raises `NotPermitted`, or `InvalidInput` for a span that ends before it begins.
    """
    rows = _rows(actor, since, until)
    found = list(rows)
    held = [row for row in found if row.state in (State.OPEN, State.ENDED)]
    waits = [wait for row in held for wait in row.figures.get("waited_s", ())]
    said = Feedback.objects.filter(session_id__in=[row.session_id for row in found])
    states = Counter(row.state for row in found)
    codes = Counter(row.session.outcome_code for row in found if row.session.outcome_code)
    return {
        "since": iso(since),
        "until": iso(until),
        "booked": len(found),
        "held": len(held),
        "missed": states[State.MISSED],
        "cancelled": states[State.CANCELLED],
        "waits": {"median_s": _percentile(waits, 50), "p90_s": _percentile(waits, 90)},
        "minutes": sum(row.figures.get("minutes", 0) for row in held),
        "recorded": sum(1 for row in held if row.figures.get("recorded")),
        "outcomes": [{"code": code, "label": LABELS.get(code, code), "count": n} for code, n in codes.most_common()],
        "got_what_needed": _counted(said.values_list("got_what_needed", flat=True), Feedback.Got.values),
        "again": _counted(said.values_list("again", flat=True), Feedback.Again.values),
        "by_purpose": _by("purpose", found),
        "by_team": _by("team", found),
    }


def list_figures(*, actor: Actor, now: datetime, since: datetime, until: datetime) -> list[list[str]]:
    """Return the rows behind the figures, the first of them the names of its columns: no person is in any of them."""
    feedback = {row.session_id: row for row in Feedback.objects.all().order_by("answered_at")}
    table = [list(CSV_FIELDS)]
    for row in _rows(actor, since, until):
        said = feedback.get(row.session_id)
        table.append(
            [
                str(row.session_id),
                row.purpose,
                row.team,
                row.state,
                iso(row.starts_at) or "",
                iso(row.opened_at) or "",
                iso(row.over_at) or "",
                str(row.figures.get("minutes", "")),
                str(row.figures.get("members", "")),
                " ".join(map(str, row.figures.get("waited_s", ()))),
                "yes" if row.figures.get("recorded") else "no",
                row.session.outcome_code,
                said.got_what_needed if said else "",
                said.again if said else "",
            ]
        )
    return table


def _rows(actor: Actor, since: datetime, until: datetime) -> QuerySet[Consultation]:
    require(actor, Permission.CONSULTATION_RUN)
    if until <= since:
        raise InvalidInput("The span ends before it begins.", details={"field": "until"})
    rows = Consultation.objects.select_related("session").filter(starts_at__gte=since, starts_at__lt=until)
    detail = {"since": iso(since), "until": iso(until)}
    record(actor=actor, act="figures.view", operation=Operation.CONSULTATION, detail=detail)
    return rows.order_by("starts_at")


def _percentile(values: list[int], percent: int) -> int | None:
    if not values:
        return None
    if len(values) == 1:
        return values[0]
    return round(statistics.quantiles(values, n=100, method="inclusive")[percent - 1])


def _counted(said: Iterable[str], answers: Iterable[str]) -> dict[str, int]:
    counts = Counter(said)
    return {answer: counts[answer] for answer in answers}


def _by(name: str, rows: Iterable[Consultation]) -> list[Plain]:
    booked, held = Counter[str](), Counter[str]()
    for row in rows:
        booked[getattr(row, name)] += 1
        held[getattr(row, name)] += row.state in (State.OPEN, State.ENDED)
    return [{name: key, "booked": booked[key], "held": held[key]} for key in sorted(booked)]
