"""The words of public pages in templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from forces.languages import DEFAULT
from forces.languages import say as words_for

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **values: Any) -> str:
    """Return the words of a key in the page's language, to be escaped like any text; raises `KeyError`."""
    return words_for(context.get("language") or DEFAULT, key, **values)
