"""Candidates of the wire as the gateway's."""

from __future__ import annotations

from streams.gateway.interface import Candidate
from streams.wire import IceCandidate


def candidate_of(candidate: IceCandidate | None) -> Candidate | None:
    """Return the gateway's candidate; an empty one means the end of candidates, as browsers send it."""
    if candidate is None or not candidate.candidate:
        return None
    return Candidate(candidate.candidate, candidate.mid, candidate.index)
