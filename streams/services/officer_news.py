"""Telling an officer that something is asked of them: one place, whichever way it goes."""

from __future__ import annotations

from typing import Literal

from streams.broadcasts import broadcast_officer_on_commit

Kind = Literal["assignment", "view_request"]


def ask_officer_on_commit(user_id: str, kind: Kind) -> None:
    """Tell an officer's open pages that there is something new to answer; they ask for their state.

    A notice by push, for a phone whose page is not open, is given here, by its `kind` alone.
    """
    tell_officer_on_commit(user_id)


def tell_officer_on_commit(user_id: str) -> None:
    """Tell an officer's open pages that what they were asked has changed."""
    broadcast_officer_on_commit(user_id)
