"""What the caller's page begins with: its first state, and how few bytes bring it to the camera."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from forces import clock
from forces.context import Unit
from streams import signalling
from streams.models import LiveSession
from streams.selectors import CALLER_COOKIE, write_caller_cookie
from streams.services.caller_page import open_caller_page
from tests.factories.streams import make_consented, make_invitation, make_opened, make_session, token_for

MakeClient = Callable[..., Client]
LANGUAGES = ["en", "cy", "ur"]
# Of the 60 KB until the camera: the rest are two pages, their style and the answers of the socket.
FIRST_SCREEN_SCRIPT_BYTES, BEFORE_CAMERA_SCRIPT_BYTES = 20_000, 36_000
# All that `make bench-page` counts from the link to the camera's button, its goal being 60 KB. What no test client sees
# is put in as it measured it: nginx's headers of a page and of a file; the redirect, the icon and the socket's words.
WHOLE_WAY_BYTES, WHOLE_WAY_FILES = 58 * 1024, 8
PAGE_HEADERS, FILE_HEADERS, OTHER_ANSWERS = 1_545, 631, 1_769 + 826 + 2_262


def browser_of(caller: Any, force_client: MakeClient) -> Client:
    client = force_client()
    client.cookies[CALLER_COOKIE] = write_caller_cookie(caller.ticket)
    return client


def page_data(html: str) -> dict[str, Any]:
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))
    return data


def first_files(html: str) -> list[str]:
    """Return the scripts that a browser fetches for the first screen, as the page itself names them."""
    return re.findall(r'(?:modulepreload" href|module" src)="/(assets/[^"]+)"', html)


def test_browser_without_ticket_gets_no_state(in_herts: Unit, force_client: MakeClient) -> None:
    make_opened(now=clock.now())

    refused = force_client().get("/live/")

    assert refused.status_code == 403
    assert b"page-data" not in refused.content


def test_page_tells_no_addresses_not_even_after_consent(in_herts: Unit, force_client: MakeClient) -> None:
    caller = make_consented(now=clock.now())

    html = browser_of(caller, force_client).get("/live/").content.decode()

    assert page_data(html)["state"]["ice_servers"] is None
    assert "turn:" not in html


def test_caller_gets_with_the_page_what_the_socket_says(in_herts: Unit, force_client: MakeClient) -> None:
    caller = make_opened(now=clock.now())

    data = page_data(browser_of(caller, force_client).get("/live/").content.decode())

    page = open_caller_page(now=clock.now(), ticket=caller.ticket, request_id="")
    assert data["state"] == msgspec.to_builtins(signalling.state_of(page, None))
    assert data["state"]["type"] == "caller.state"
    assert data["state"]["consent"] is None
    assert (data["language"], data["safe_mode"]) == ("en", False)


def test_caller_who_chose_a_language_reads_it_at_once_and_looking_changes_nothing(
    in_herts: Unit, force_client: MakeClient
) -> None:
    caller = make_opened(now=clock.now())

    html = browser_of(caller, force_client).get("/live/?language=cy").content.decode()

    data = page_data(html)
    assert (data["language"], data["state"]["session"]["language"]) == ("cy", "cy")
    assert LiveSession.objects.get(pk=caller.session.id).language == "en"
    words = [name for name in first_files(html) if re.match(r"assets/(en|cy|ur)-", name)]
    assert [name[7:9] for name in words] == ["cy"], "only the words that are needed are loaded"


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_comes_to_the_camera_within_its_budget(in_herts: Unit, force_client: MakeClient, language: str) -> None:
    caller = make_opened(now=clock.now())
    html = browser_of(caller, force_client).get(f"/live/?language={language}").content.decode()

    first = first_files(html)
    chunks = json.loads((settings.WEB_ROOT / ".vite/manifest.json").read_text())
    later = _with_imports(chunks, "src/caller/sharing.ts")

    assert "assets/caller.js" in first
    assert chunks["src/caller/sharing.ts"]["file"] not in first, "what shares comes after the first screen"
    assert _compressed(first) < FIRST_SCREEN_SCRIPT_BYTES
    assert _compressed({*first, *later}) < BEFORE_CAMERA_SCRIPT_BYTES


def test_whole_way_from_the_link_to_the_camera_stays_within_its_budget(
    in_herts: Unit, force_client: MakeClient
) -> None:
    invited = force_client().get(f"/i/{token_for(make_invitation(make_session(), now=clock.now()))}/")
    live = browser_of(make_opened(now=clock.now()), force_client).get("/live/")
    pages = [answer.content.decode() for answer in (invited, live)]
    chunks = json.loads((settings.WEB_ROOT / ".vite/manifest.json").read_text())
    names = {chunk["file"]: name for name, chunk in chunks.items()}
    begun = [names[file] for html in pages for file in first_files(html)]
    files = {file for name in [*begun, "src/caller/sharing.ts"] for file in _with_imports(chunks, name)}

    assert {"assets/exit.js", "assets/public.js", "assets/caller.js"} <= files
    assert len(files) <= WHOLE_WAY_FILES, f"each costs a request and {FILE_HEADERS} bytes of headers: {sorted(files)}"
    whole = sum(PAGE_HEADERS + len(gzip.compress(html.encode(), 5)) for html in pages)
    assert whole + _compressed(files) + FILE_HEADERS * len(files) + OTHER_ANSWERS < WHOLE_WAY_BYTES


def _with_imports(chunks: dict[str, Any], name: str) -> list[str]:
    chunk = chunks[name]
    return [chunk["file"], *(file for other in chunk.get("imports", []) for file in _with_imports(chunks, other))]


def _compressed(files: list[str] | set[str]) -> int:
    return sum(len(gzip.compress((settings.WEB_ROOT / name).read_bytes(), 5)) for name in files)
