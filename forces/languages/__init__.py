"""The languages of what the public reads, and its words: one table per language, all with the same keys.

The caller's page has its own table, in the browser; the wording of a consent is a row that a force approves.
"""

from __future__ import annotations

from dataclasses import dataclass

from forces.languages import cy, en, ur

DEFAULT = "en"
TABLES: dict[str, dict[str, str]] = {"en": en.TEXTS, "cy": cy.TEXTS, "ur": ur.TEXTS}
# First strong isolate and its end: a name or a reference keeps its own direction inside of a line of the other one.
_ISOLATE, _END = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the public: its tag, its name in itself, and the direction of its script."""

    tag: str
    name: str
    direction: str


LANGUAGES = {
    "en": Language("en", "English", "ltr"),
    "cy": Language("cy", "Cymraeg", "ltr"),
    "ur": Language("ur", "اردو", "rtl"),
}


def base_language(tag: str) -> str:
    """Return the language of the public that a tag ("cy", "en-GB") stands for; English for any other."""
    base = tag.lower().split("-")[0]
    return base if base in LANGUAGES else DEFAULT


def language_named(tag: str) -> Language:
    """Return the language of a tag; one that only a force's own wording is in is taken to run from left to right."""
    return LANGUAGES.get(tag) or Language(tag, tag, "ltr")


def say(language: str, key: str, **values: object) -> str:
    """Return the words of a key with its placeholders filled in; raises `KeyError` for an unknown key."""
    tag = base_language(language)
    words = TABLES[tag][key]
    is_turned = LANGUAGES[tag].direction == "rtl"
    filled = {name: f"{_ISOLATE}{value}{_END}" if is_turned else value for name, value in values.items()}
    return words.format(**filled) if filled else words


def say_error(language: str, code: str, message: str, **values: object) -> str:
    """Return an error in the public's language by its code; where the table has none, the error's own `message`."""
    key = f"error.{code}"
    if base_language(language) == DEFAULT or key not in TABLES[base_language(language)]:
        return message
    return say(language, key, **values)
