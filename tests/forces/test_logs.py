"""What a log line may hold: no key of anybody, wherever a record carries it, and no row of Postgres's."""

import json
import logging
import sys
import time
from typing import Any

import pytest

from forces.logs import JsonFormatter, force_var, mask, request_id_var

LINK = "AbCdEfGhIjKlMnOp_-1234567890abcdefghijklmnopq"
SESSION = "x3k9v2m8q1w7e5r4t6y0u2i8o1p3a5s7"
API_TOKEN = "slt_" + "Zx9" * 14 + "Q"
BASIC = "amFudXM6ZXZlbnRzLXBhc3N3b3Jk"
WORDS = (LINK, SESSION, API_TOKEN, BASIC, "relay-credential", "900123", "Okafor")
HEADERS = {
    "Authorization": f"Bearer {API_TOKEN}",
    "Cookie": f"sl_session={SESSION}; __Host-sl_caller={LINK}:1abc:sig; other=kept",
    "Referer": f"https://herts.sightline.example/i/{LINK}/",
}
RAW_HEADERS = [(b"cookie", f"sl_csrf={SESSION}".encode()), (b"authorization", f"Basic {BASIC}".encode())]


def line_of(message: str, *args: object, exc_info: Any = None, **extra: object) -> dict[str, Any]:
    """Format a record as the product does, and read the line back."""
    record = logging.LogRecord("streams.test", logging.WARNING, __file__, 1, message, args, exc_info)
    vars(record).update(extra)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert [word for word in WORDS if word in text] == []
    line: dict[str, Any] = json.loads(text)
    return line


def failed_with(text: str) -> Any:
    """Return what `exc_info=True` would find, with a cause."""
    try:
        try:
            raise KeyError(text)
        except KeyError as cause:
            raise RuntimeError(f"again: {text}") from cause
    except RuntimeError:
        return sys.exc_info()


@pytest.mark.parametrize(
    "said",
    [
        f"GET /i/{LINK}/ 200",
        f"GET /i/{LINK}",
        f"GET /m/{LINK}/calendar.ics 200",
        f"/m/%41{LINK}/open/",
        f"/i/%41{LINK}/open/?next=/i/{LINK}/",
        f"'https://herts.sightline.example/i/{LINK}/open/' was not found",
        f"Authorization: Bearer {API_TOKEN}",
        f"authorization: basic {BASIC}",
        f"token {API_TOKEN} is revoked",
        f"Cookie: sl_session={SESSION}; sl_caller={LINK}",
        f"Cookie: __Host-sl_meeting={LINK}:1abc:sig",
        f"{{'sl_csrf': '{SESSION}'}}",
        f"GET /api/v1/items/?token={SESSION}&page=2",
        f"redis://web:{SESSION}@127.0.0.1:6379/0 refused",
        f"postgres://force_herts:{SESSION}@127.0.0.1/sightline",
        f"password={SESSION}",
        f'{{"username": "1795:x", "credential": "{SESSION}"}}',
        f"SIGHTLINE_TURN_SECRET={SESSION}",
        "sent to 07700 900123",
        "duplicate key value\nDETAIL:  Key (last_name, phone)=(Okafor, 07700 900123) already exists.",
        "violates not-null constraint\nDETAIL:  Failing row contains (7, Okafor, (x), null).",
    ],
)
def test_key_in_a_record_is_masked_wherever_it_stands(said: str) -> None:
    line_of(said)
    line_of("%s", said)
    line_of("failed", exc_info=failed_with(said))
    line_of("failed", path=said, nested={"tried": [said]})


def test_headers_in_a_record_are_masked() -> None:
    line = line_of("refused", headers=HEADERS, scope={"headers": RAW_HEADERS})
    assert "other=kept" in line["headers"]


def test_request_itself_is_left_out() -> None:
    assert "request" not in line_of("refused", request=object())


def test_line_says_what_happened_to_whom() -> None:
    force_var.set("herts")
    request_id_var.set("7b7bfa3e6f7b4c65")
    line = line_of("media event not handled", node="media-1", count=3)
    assert line["message"] == "media event not handled"
    assert (line["level"], line["logger"], line["node"], line["count"]) == ("warning", "streams.test", "media-1", "3")
    assert (line["force"], line["request_id"]) == ("herts", "7b7bfa3e6f7b4c65")
    force_var.set("")
    request_id_var.set("")


@pytest.mark.parametrize("part", ["x", "a-", "a.", "://", "Key (", "token", "token=", "07", "/i/", "basic "])
def test_long_line_is_masked_in_a_moment(part: str) -> None:
    """Some of what is logged was written by whoever wants us busy."""
    begun = time.process_time()
    mask(part * (100_000 // len(part)))
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "said",
    [
        "task streams.tasks.deliver_invitation sent",
        "GET /api/v1/items/7b7bfa3e-6f7b-4c65-8be4-1d6ef0a7a111/ 200",
        "invitation 7b7bfa3e-6f7b-4c65-8be4-1d6ef0a7a111 expired at 2026-11-22T14:05:27.120Z",
        "basic checks done, 3 of 3",
        "http://127.0.0.1:8188 does not answer",
        "Key frames came late",
    ],
)
def test_what_is_no_key_is_kept(said: str) -> None:
    assert mask(said) == said
