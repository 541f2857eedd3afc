"""The console's benchmark has a small server of its own: it must say what ours says, or it measures an empty page."""

import random

import msgspec

from forces.context import Unit
from streams import wire
from streams.officers import find_officer
from streams.summaries import attach_parts, session_summary
from tests.bench.console_feed import Feed
from tests.bench.console_sessions import live_session, officer_view
from tests.factories.officers import make_on_duty
from tests.factories.streams import make_consented

AT = "2026-11-28T12:00:00.000Z"


def test_first_word_of_the_benchmarks_server_is_a_consoles_snapshot() -> None:
    told = Feed([], [live_session(0, AT)]).snapshot()

    assert msgspec.convert(told, wire.ConsoleSnapshot).sessions == told["sessions"]


def test_its_sessions_and_officers_have_the_parts_of_ours(in_herts: Unit) -> None:
    session = make_consented().session
    officer = find_officer(make_on_duty("ashby").id)

    assert set(live_session(0, AT)) == set(session_summary(attach_parts(session)))
    assert officer is not None
    assert set(officer_view(0, AT, random.Random(1))) == set(officer)
