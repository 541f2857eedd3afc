"""The console has words for what bridges and flights say by code, and for no code that nobody says."""

import re
from pathlib import Path

import pytest

from drones.ingest.reading import Trouble
from drones.models import Feed, Flight
from drones.services import flights
from forces.errors import DomainError
from streams.services import risk

CONSOLE = Path(__file__).resolve().parents[2] / "web/src/console"
REFUSED_FLIGHTS: list[type[DomainError]] = [
    flights.AircraftBusy,
    flights.AircraftWithdrawn,
    flights.PilotBusy,
    flights.PilotUnfit,
    risk.RiskUnanswered,
    risk.RiskRefused,
]


def keys_of(file: str, name: str) -> set[str]:
    """The keys of a record of a file, one at the beginning of each line."""
    body = (CONSOLE / file).read_text(encoding="utf-8").partition(f"const {name}")[2].partition("\n};")[0]
    return set(re.findall(r"^  (\w+):", body, re.MULTILINE))


def all_codes(kind: type[DomainError] = DomainError) -> set[str]:
    """The stable codes of every error of the server that is loaded."""
    return {kind.code, *(code for under in kind.__subclasses__() for code in all_codes(under))}


def test_every_trouble_of_a_bridge_has_words_and_no_other_has() -> None:
    assert keys_of("feedwords.ts", "TROUBLES") == {trouble.value for trouble in Trouble}


def test_every_state_of_a_feed_that_is_shown_has_words() -> None:
    text = (CONSOLE / "feedwords.ts").read_text(encoding="utf-8")
    assert set(re.findall(r'case "(\w+)":', text)) == set(Feed.State.values) - {Feed.State.STOPPED}


@pytest.mark.parametrize("refusal", REFUSED_FLIGHTS)
def test_every_refusal_of_a_flight_has_words_of_its_own(refusal: type[DomainError]) -> None:
    assert refusal.code in keys_of("flightphrases.ts", "REFUSALS")


def test_no_words_are_kept_for_a_code_that_nobody_says() -> None:
    assert keys_of("flightphrases.ts", "REFUSALS") <= all_codes()


def test_every_lawful_basis_can_be_chosen() -> None:
    text = (CONSOLE / "flightphrases.ts").read_text(encoding="utf-8")
    assert set(re.findall(r'^  \["(\w+)",', text, re.MULTILINE)) == set(Flight.LawfulBasis.values)
