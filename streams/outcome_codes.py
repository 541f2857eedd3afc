"""How a use of Sightline can turn out: the codes a force counts its benefits by."""

from __future__ import annotations

OUTCOMES: dict[str, str] = {
    "resource_sent_better": "Right resource sent sooner or to the right place",
    "deployment_saved": "No deployment needed",
    "location_found": "Caller or incident located",
    "safeguarding": "Person safeguarded",
    "evidence_gained": "Evidence or intelligence gained",
    "no_difference": "Made no difference",
    "caller_declined": "Caller declined or stopped",
    "could_not_connect": "Link, permission or connection failed",
    "sent_in_error": "Sent in error",
}
CONSULTATION_OUTCOMES: dict[str, str] = {
    "report_taken": "Report taken",
    "visit_avoided": "No visit needed",
    "statement_taken": "Statement taken",
    "nobody_came": "Nobody came",
}
"""What a consultation can come to besides."""
LABELS = OUTCOMES | CONSULTATION_OUTCOMES


def outcomes_of(kind: str) -> dict[str, str]:
    """Return the codes and labels that a session of a kind may come to."""
    return LABELS if kind == "consultation" else OUTCOMES
