"""Telephone numbers that a text message can reach."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberType

from forces.errors import InvalidInput

REGION = "GB"
_TEXTABLE = {
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.PERSONAL_NUMBER,
}
# Ofcom keeps 07700 900000 to 900999 for drama: they reach nobody, which is what training and demos need.
_DRAMA = re.compile(r"^\+447700900\d{3}$")


class PhoneNumberInvalid(InvalidInput):
    """Not a telephone number that can exist."""

    code = "phone_number_invalid"
    message = "This is not a telephone number. Check the digits."


class PhoneNumberNotTextable(InvalidInput):
    """A landline, or another number that takes no text message."""

    code = "phone_number_not_textable"
    message = "This number cannot receive a text message. Ask for a mobile number."


def normalise_mobile_number(text: str) -> str:
    """Return a number as people write it (United Kingdom unless it starts with +) in E.164.

    Raises `PhoneNumberInvalid` or `PhoneNumberNotTextable`; neither repeats the number.
    """
    try:
        parsed = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException as error:
        raise PhoneNumberInvalid from error
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if _DRAMA.match(number):
        return number
    if not phonenumbers.is_valid_number(parsed):
        raise PhoneNumberInvalid
    if phonenumbers.number_type(parsed) not in _TEXTABLE:
        raise PhoneNumberNotTextable
    return number
