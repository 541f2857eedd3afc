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
