"""What templates of pages ask for beside Django's own tags."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def page_style(context: dict[str, Any], name: str) -> SafeString:
    """Return a built style sheet as an element of the page itself.

    A phone on a bad line then shows the page with its first answer: a file of its own costs another round trip before
    anything is drawn. The nonce allows this one element by the Content-Security-Policy. Raises ``OSError`` without a
    web build.
    """
    file: Path = settings.WEB_ROOT / f"assets/{name}"
    sheet = _sheet(file, file.stat().st_mtime_ns)
    return format_html('<style nonce="{}">{}</style>', context["request"].csp_nonce, sheet)


@lru_cache(maxsize=8)
def _sheet(file: Path, _changed_at: int) -> SafeString:
    # Our own build's, and not HTML: "<" and "&" of selectors and strings have to stay as they are.
    return mark_safe(file.read_text())  # noqa: S308
