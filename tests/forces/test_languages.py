"""What the public reads: complete in every language, nothing left in English, and the same placeholders."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.test import Client

from forces.context import Unit
from forces.errors import DomainError
from forces.languages import LANGUAGES, TABLES, base_language, say, say_error
from streams.phrases import PHRASES
from streams.services.codes import CodeMalformed, CodeUnknown
from streams.services.default_words import MESSAGES, SAFE_MESSAGES, WORDINGS
from streams.services.link_standing import (
    ConsentWithdrawn,
    LinkExpired,
    LinkInUse,
    LinkNotOpened,
    LinkUnknown,
    LinkWithdrawn,
)
from streams.services.receipts import NoReceipt

MakeClient = Callable[..., Client]
ROOT = Path(__file__).resolve().parents[2]
OTHERS = tuple(tag for tag in LANGUAGES if tag != "en")
ARABIC = re.compile(r"[\u0600-\u06ff]")
POLICE = re.compile(r"police|heddlu|پولیس|999|\{force\}|\{reference\}", re.IGNORECASE)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


def faults(english: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Return what is wrong with a table, by key."""
    found = [f"missing {key}" for key in english if key not in other]
    found += [f"unknown {key}" for key in other if key not in english]
    for key in english.keys() & other.keys():
        if not other[key].strip():
            found.append(f"empty {key}")
        elif other[key] == english[key]:
            found.append(f"left in English {key}")
        elif placeholders(other[key]) != placeholders(english[key]):
            found.append(f"placeholders {key}")
    return sorted(found)


def tables(tag: str) -> dict[str, str]:
    """Return every word of a language that the server has."""
    phrases = {f"phrase.{code}": phrase.in_language(tag) for code, phrase in PHRASES.items()}
    messages = {f"message.{kind}": body for kind, body in MESSAGES[tag].items()}
    wording = {f"wording.{name}": text for name, text in WORDINGS[tag].items()}
    return {**TABLES[tag], **phrases, **messages, **wording, "message.safe": SAFE_MESSAGES[tag]}


@pytest.mark.parametrize("tag", OTHERS)
def test_language_has_every_word_and_none_left_in_english(tag: str) -> None:
    assert faults(tables("en"), tables(tag)) == []


def test_check_finds_each_kind_of_fault() -> None:
    english = {"a": "One {x}", "b": "Two", "c": "Three", "d": "Four"}
    broken = {"a": "Un", "b": " ", "c": "Three", "e": "Pump"}

    assert faults(english, broken) == ["empty b", "left in English c", "missing d", "placeholders a", "unknown e"]


def test_urdu_is_written_in_its_own_script() -> None:
    assert [key for key, text in tables("ur").items() if not ARABIC.search(text)] == []


def test_templates_say_only_what_the_tables_have() -> None:
    said = {
        key
        for page in (ROOT / "templates").rglob("*.html")
        for key in re.findall(r'{% say "([\w.]+)"', page.read_text())
    }

    assert said
    assert said <= TABLES["en"].keys()
    by_code = {key for key in TABLES["en"] if key.startswith(("error.", "refused.", "forbidden.stale"))}
    assert TABLES["en"].keys() - said - by_code == set()


@pytest.mark.parametrize(
    "error",
    [
        CodeMalformed,
        CodeUnknown,
        ConsentWithdrawn,
        LinkExpired,
        LinkInUse,
        LinkNotOpened,
        LinkUnknown,
        LinkWithdrawn,
        NoReceipt,
    ],
)
def test_error_says_in_english_what_its_table_says(error: type[DomainError]) -> None:
    assert say("en", f"error.{error.code}") == error.message
    assert say_error("cy", error.code, error.message) != error.message


def test_safe_words_name_no_police() -> None:
    for tag in LANGUAGES:
        safe = {
            key: text for key, text in TABLES[tag].items() if key.startswith(("safe.", "neutral.", "refused.next_safe"))
        }
        assert len(safe) == 5
        assert not [text for text in (*safe.values(), SAFE_MESSAGES[tag]) if POLICE.search(text)]


def test_name_inside_of_urdu_keeps_its_own_direction() -> None:
    assert "\u2068Heddlu Gwent\u2069" in say("ur", "receipt.lead", force="Heddlu Gwent")
    assert "\u2068" not in say("en", "receipt.lead", force="Heddlu Gwent")


def test_unknown_language_is_english() -> None:
    assert [base_language(tag) for tag in ("fr", "en-GB", "CY", "ur-PK", "")] == ["en", "en", "cy", "ur", "en"]


def test_visitor_chooses_language_and_every_answer_keeps_it(in_herts: Unit, force_client: MakeClient) -> None:
    visitor = force_client()

    chosen = visitor.get("/join/?language=ur")
    missing = visitor.get("/nothing/")

    assert '<html lang="ur" dir="rtl"' in chosen.content.decode()
    assert '<html lang="ur" dir="rtl"' in missing.content.decode()
    assert say("ur", "missing.title") in missing.content.decode()
    assert "Hertfordshire" not in missing.content.decode()


@pytest.mark.parametrize("wrong", ["fr", "", "ur\r\nX-Y: z", "<b>"])
def test_visitor_chooses_no_language_gets_english_and_no_cookie(
    in_herts: Unit, force_client: MakeClient, wrong: str
) -> None:
    page = force_client().get("/join/", {"language": wrong})

    assert '<html lang="en" dir="ltr"' in page.content.decode()
    assert "sl_language" not in page.cookies
