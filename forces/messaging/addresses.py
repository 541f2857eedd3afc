"""E-mail addresses that a link can be sent to."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from forces.errors import InvalidInput

MOST_CHARACTERS = 254
_is_address = EmailValidator()


class EmailAddressInvalid(InvalidInput):
    """Not an e-mail address that can exist."""

    code = "email_address_invalid"
    message = "This is not an e-mail address. Spell it back to the caller."


def normalise_email_address(text: str) -> str:
    """Return an address as people type it, without spaces around it and with its domain in small letters.

    Raises `EmailAddressInvalid`, which does not repeat the address.
    """
    name, at, domain = text.strip().rpartition("@")
    address = f"{name}{at}{domain.lower()}"
    try:
        _is_address(address)
    except ValidationError as error:
        raise EmailAddressInvalid from error
    if len(address) > MOST_CHARACTERS:
        raise EmailAddressInvalid
    return address
