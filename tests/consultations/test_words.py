"""Names as others may be shown them, safe times of the day, calendar entries, and the words of messages."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from consultations.contact_times import is_inside, nearest_inside, next_inside
from consultations.errors import NameEmpty
from consultations.message_words import MONTHS, NORMAL, SAFE, body_of, subject_of
from consultations.page_words import ERRORS, PURPOSES, WORDS, words_of_page
from consultations.services.booking import cancel, change_booking
from consultations.services.calendar import calendar_of
from consultations.services.participant_names import clean_name
from forces.context import Unit
from forces.errors import InvalidInput
from streams.services.link_standing import LinkUnknown
from tests.factories import consultations as made
from tests.factories.officers import make_officer
from tests.factories.streams import NOW

NINE, FIVE = time(9), time(17)
LINK = f"https://sightline.herts.police.uk/m/{'x' * 32}/"


@pytest.mark.parametrize("name", ["", "   ", "\u200e\u202e", "\u2067\u2069 \n", "\u200d", "\x00\x1b"])
def test_name_of_which_nothing_can_be_shown_is_refused(name: str) -> None:
    with pytest.raises(NameEmpty):
        clean_name(name)


def test_name_of_301_characters_is_refused_and_of_300_taken() -> None:
    with pytest.raises(InvalidInput):
        clean_name("x" * 301)
    assert clean_name("x" * 300) == "x" * 300


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b onclick=x>Ann</b> &amp; {{ 7*7 }}", "<b onclick=x>Ann</b> &amp; {{ 7*7 }}"),
        ("  Ann \n\t Lee\u2028", "Ann Lee"),
        ("Ann\u202eeeL", "AnneeL"),
        ("\u2067محمد\u2069 علی", "محمد علی"),
        ("e\u0301lodie", "élodie"),
        ("👩‍👩‍👧 Ann 🇬🇧", "👩‍👩‍👧 Ann 🇬🇧"),
        ("A\x00n\x1bn", "Ann"),
    ],
)
def test_name_is_text_without_what_turns_others_around(typed: str, shown: str) -> None:
    assert clean_name(typed) == shown


@pytest.mark.parametrize(
    ("at", "since", "until", "inside"),
    [
        (datetime(2026, 7, 1, 8, 0, tzinfo=UTC), NINE, FIVE, True),  # nine in London, in summer
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), NINE, FIVE, False),
        (datetime(2026, 12, 1, 17, 0, tzinfo=UTC), NINE, FIVE, False),  # the end is outside
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), time(22), time(6), True),  # over midnight
        (datetime(2026, 12, 1, 12, 0, tzinfo=UTC), time(22), time(6), False),
        (datetime(2026, 12, 1, 3, 0, tzinfo=UTC), None, None, True),
    ],
)
def test_safe_times_are_londons(at: datetime, since: time | None, until: time | None, inside: bool) -> None:
    assert is_inside(at, since, until) is inside


def test_next_safe_moment_over_the_change_of_the_clocks() -> None:
    saturday = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)  # the night in which summer time ends
    assert next_inside(saturday, NINE, FIVE) == datetime(2026, 10, 25, 9, 0, tzinfo=UTC)
    assert next_inside(saturday - timedelta(days=1), NINE, FIVE) == datetime(2026, 10, 24, 8, 0, tzinfo=UTC)
    spring = datetime(2027, 3, 27, 22, 0, tzinfo=UTC)
    assert next_inside(spring, NINE, FIVE) == datetime(2027, 3, 28, 8, 0, tzinfo=UTC)


def test_nearest_safe_moment_lies_before_the_start() -> None:
    start = datetime(2026, 12, 3, 8, 0, tzinfo=UTC)
    wanted = start - timedelta(days=1)  # at eight, an hour too early
    found = nearest_inside(wanted, NINE, FIVE, after=start - timedelta(days=2), before=start)
    assert found == datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
    assert nearest_inside(wanted, time(11), time(12), after=start - timedelta(hours=20), before=start) is None


@pytest.mark.parametrize("language", list(MONTHS))
@pytest.mark.parametrize("safe_mode", [True, False])
@pytest.mark.parametrize("kind", list(NORMAL["en"]))
def test_message_is_two_segments_at_most(language: str, safe_mode: bool, kind: str) -> None:
    force = "Hertfordshire Constabulary"
    body = body_of(kind=kind, language=language, safe_mode=safe_mode, force=force, at=NOW, link=LINK)
    is_wide = any(ord(sign) > 127 for sign in body)
    assert len(body) <= (134 if is_wide else 306)
    assert (force in body) is not safe_mode
    if safe_mode:
        words = body.replace(LINK, "").lower() + subject_of(kind=kind, language=language).lower()
        assert not any(told in words for told in ("police", "heddlu", "پولیس", "consult", "video", "abuse"))


def test_every_language_has_every_word() -> None:
    for tables in (WORDS, PURPOSES, NORMAL, SAFE):
        assert {language: sorted(table) for language, table in tables.items()} == {
            language: sorted(tables["en"]) for language in MONTHS
        }
    assert set(ERRORS["cy"]) == set(ERRORS["ur"])
    assert "101" in words_of_page("en", number="101")["no_script"]


def event_of(entry: bytes) -> Any:
    """Return the one event of a calendar entry."""
    (event,) = Calendar.from_ical(entry).walk("VEVENT")
    return event


def test_calendar_entry_says_when_and_never_who(in_herts: Unit) -> None:
    starts_at = datetime(2027, 3, 29, 13, 0, tzinfo=UTC)  # the day after the clocks change
    plans = (made.plan_of("victim", name='Ann "; DROP\r\nX:1'), made.plan_of("witness", safe_mode=True))
    consultation = made.make_booked(people=plans, starts_at=starts_at, purpose_note="About the neighbour")
    victim, witness = (made.person_of(consultation, role) for role in ("victim", "witness"))

    raw = calendar_of(now=NOW, token=made.token_for(victim))
    event = event_of(raw)
    safe = calendar_of(now=NOW, token=made.token_for(witness))
    neutral = event_of(safe)

    assert event["DTSTART"].dt.utctimetuple() == starts_at.utctimetuple()
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert b"VTIMEZONE" in raw
    assert (event["SEQUENCE"], event["STATUS"]) == (1, "CONFIRMED")
    assert f"/m/{made.token_for(victim)}/" in event["DESCRIPTION"]
    assert b"Ann" not in raw
    assert b"neighbour" not in raw
    assert neutral["SUMMARY"] == "Meeting"
    assert not {"DESCRIPTION", "LOCATION"} & set(neutral)
    assert b"VALARM" not in safe
    assert b"VALARM" in raw
    assert b"police" not in safe.lower().replace(b"hertfordshire", b"")


def test_calendar_entry_follows_changes_and_the_cancelling(in_herts: Unit) -> None:
    consultation = made.make_booked(starts_at=NOW + timedelta(days=3))
    actor, victim = make_officer(), made.person_of(consultation, "victim")
    later = NOW + timedelta(days=4)
    change_booking(actor=actor, now=NOW, session_id=consultation.session_id, starts_at=later)

    event = event_of(calendar_of(now=NOW, token=made.token_for(victim)))
    assert (event["SEQUENCE"], event["DTSTART"].dt.utctimetuple()) == (2, later.utctimetuple())
    cancel(actor=actor, now=NOW, session_id=consultation.session_id, reason="Seen at home")
    event = event_of(calendar_of(now=NOW, token=made.token_for(victim)))
    assert event["STATUS"] == "CANCELLED"


def test_calendar_of_no_link_is_none(in_herts: Unit) -> None:
    with pytest.raises(LinkUnknown):
        calendar_of(now=NOW, token="x" * 32)
