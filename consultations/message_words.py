"""The words of messages to people who are asked to come, in the languages of the public.

In safe mode they hold a time and a link: no name, no purpose, no force. A text message is two segments at most, its
link included; a test holds that.
"""

from __future__ import annotations

from datetime import datetime

from consultations.contact_times import LONDON
from forces.languages import base_language

SUBJECTS: dict[str, dict[str, str]] = {
    "en": {
        "invitation": "Your meeting",
        "changed": "Your meeting has changed",
        "cancelled": "Your meeting is off",
        "reminder_day": "Your meeting",
        "reminder_soon": "Your meeting",
    },
    "cy": {
        "invitation": "Eich cyfarfod",
        "changed": "Mae eich cyfarfod wedi newid",
        "cancelled": "Mae eich cyfarfod wedi’i ganslo",
        "reminder_day": "Eich cyfarfod",
        "reminder_soon": "Eich cyfarfod",
    },
    "ur": {
        "invitation": "آپ کی ملاقات",
        "changed": "آپ کی ملاقات بدل گئی",
        "cancelled": "آپ کی ملاقات منسوخ",
        "reminder_day": "آپ کی ملاقات",
        "reminder_soon": "آپ کی ملاقات",
    },
}

NORMAL: dict[str, dict[str, str]] = {
    "en": {
        "invitation": "{force}: you have a video meeting {when}. Try your camera or come in here: {link}",
        "changed": "{force}: your video meeting is now {when}. {link}",
        "cancelled": "{force}: your video meeting {when} is off.",
        "reminder_day": "{force}: your video meeting is {when}. {link}",
        "reminder_soon": "{force}: your video meeting starts soon, {when}. {link}",
    },
    "cy": {
        "invitation": "{force}: mae gennych gyfarfod fideo {when}. Dewch i mewn yma: {link}",
        "changed": "{force}: mae eich cyfarfod fideo nawr {when}. {link}",
        "cancelled": "{force}: mae eich cyfarfod fideo {when} wedi’i ganslo.",
        "reminder_day": "{force}: mae eich cyfarfod fideo {when}. {link}",
        "reminder_soon": "{force}: mae eich cyfarfod fideo ar fin dechrau, {when}. {link}",
    },
    "ur": {
        "invitation": "{force}: {when} آپ کی ویڈیو ملاقات: {link}",
        "changed": "{force}: ملاقات اب {when}: {link}",
        "cancelled": "{force}: {when} کی ملاقات منسوخ۔",
        "reminder_day": "{force}: ملاقات {when}: {link}",
        "reminder_soon": "{force}: ملاقات جلد، {when}: {link}",
    },
}

SAFE: dict[str, dict[str, str]] = {
    "en": {
        "invitation": "Your meeting is {when}: {link}",
        "changed": "Your meeting is now {when}: {link}",
        "cancelled": "Your meeting {when} is off.",
        "reminder_day": "Your meeting is {when}: {link}",
        "reminder_soon": "Your meeting is {when}: {link}",
    },
    "cy": {
        "invitation": "Mae eich cyfarfod {when}: {link}",
        "changed": "Mae eich cyfarfod nawr {when}: {link}",
        "cancelled": "Mae eich cyfarfod {when} wedi’i ganslo.",
        "reminder_day": "Mae eich cyfarfod {when}: {link}",
        "reminder_soon": "Mae eich cyfarfod {when}: {link}",
    },
    "ur": {
        "invitation": "ملاقات {when}: {link}",
        "changed": "ملاقات اب {when}: {link}",
        "cancelled": "{when} کی ملاقات منسوخ۔",
        "reminder_day": "ملاقات {when}: {link}",
        "reminder_soon": "ملاقات {when}: {link}",
    },
}

MONTHS: dict[str, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "cy": ("Ion", "Chwe", "Maw", "Ebr", "Mai", "Meh", "Gorff", "Awst", "Medi", "Hyd", "Tach", "Rhag"),
    "ur": ("جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر"),
}
WHEN = {"en": "on {day} {month} at {clock}", "cy": "ar {day} {month} am {clock}", "ur": "{day} {month} {clock}"}


def when_of(language: str, at: datetime) -> str:
    """Return a moment as people in London read it: "on 25 Oct at 14:30"."""
    tag, local = base_language(language), at.astimezone(LONDON)
    return WHEN[tag].format(day=local.day, month=MONTHS[tag][local.month - 1], clock=f"{local:%H:%M}")


def body_of(*, kind: str, language: str, safe_mode: bool, force: str, at: datetime, link: str) -> str:
    """Return the text of a message."""
    table = (SAFE if safe_mode else NORMAL)[base_language(language)]
    return table[kind].format(force=force, when=when_of(language, at), link=link)


def subject_of(*, kind: str, language: str) -> str:
    """Return the subject of an e-mail: neutral in every mode."""
    return SUBJECTS[base_language(language)][kind]
