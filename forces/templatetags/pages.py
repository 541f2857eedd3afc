"""What templates of pages ask for beside Django's own tags."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
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


@register.simple_tag
def page_modules(page: str, language: str) -> SafeString:
    """Return links that load what a page's script needs at once, the words of its language too, beside the script.

    A browser that found them only by reading the script would need another round trip for each. Raises ``OSError``
    without a web build.
    """
    file: Path = settings.WEB_ROOT / ".vite/manifest.json"
    files = _modules(file, file.stat().st_mtime_ns, f"src/pages/{page}.ts", f"src/{page}/texts/{language}.ts")
    return format_html_join("", '<link rel="modulepreload" href="/{}">', ((name,) for name in files))


@lru_cache(maxsize=64)
def _modules(file: Path, _changed_at: int, entry: str, words: str) -> tuple[str, ...]:
    """Return the files behind an entry and its words, without the entry's own, which has an address of its own."""
    chunks = json.loads(file.read_text())
    wanted, files = [*chunks[entry].get("imports", []), *([words] if words in chunks else [])], list[str]()
    while wanted:
        chunk = chunks[wanted.pop(0)]
        if chunk["file"] not in files:
            files.append(chunk["file"])
            wanted += chunk.get("imports", [])
    return tuple(file for file in files if file != chunks[entry]["file"])
