"""What a caller on a bad line waits for first: one answer, small enough for the first flight of a fresh connection."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from forces import clock
from forces.context import Unit
from streams.selectors import CALLER_COOKIE, write_caller_cookie
from tests.factories.streams import make_invitation, make_opened, make_session, token_for

MakeClient = Callable[..., Client]
LIMIT = 14 * 1024  # ten packets: what a server sends before it waits for an acknowledgement
AGENCY_LIMIT = 60 * 1024  # an agency sits in a control room; its map is larger, and comes by itself
LEVEL = 5  # nginx's gzip_comp_level


def weigh(response: Any) -> int:
    """Return what nginx sends of a page whose looks need no second answer."""
    assert response.status_code == 200
    page = response.content
    assert b"<style nonce=" in page
    assert b'rel="stylesheet"' not in page
    return len(gzip.compress(page, LEVEL))


@pytest.mark.parametrize("language", ["en", "cy", "ur"])
def test_first_screen_fits_into_the_first_flight(in_herts: Unit, force_client: MakeClient, language: str) -> None:
    invitation = make_invitation(make_session(language=language), now=clock.now())

    assert weigh(force_client().get(f"/i/{token_for(invitation)}/")) <= LIMIT
    assert weigh(force_client().get(f"/join/?language={language}")) <= LIMIT


def test_callers_own_page_fits_into_the_first_flight(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client()
    client.cookies[CALLER_COOKIE] = write_caller_cookie(make_opened().ticket)

    assert weigh(client.get("/live/")) <= LIMIT


def test_agencys_page_is_small_and_its_map_waits() -> None:
    chunks = json.loads((settings.WEB_ROOT / ".vite/manifest.json").read_text())
    entry = "src/pages/agency.ts"
    wanted, files = [entry], set[str]()
    while wanted:
        chunk = chunks[wanted.pop()]
        files.add(chunk["file"])
        wanted += chunk.get("imports", [])
    sent = sum(len(gzip.compress((settings.WEB_ROOT / file).read_bytes(), LEVEL)) for file in files)
    styles = sum(len(gzip.compress((settings.WEB_ROOT / file).read_bytes(), LEVEL)) for file in chunks[entry]["css"])

    assert sent + styles <= AGENCY_LIMIT
    assert any("map" in name for name in chunks[entry]["dynamicImports"])
