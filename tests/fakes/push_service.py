"""A push service over a real socket, and the browser behind it: it checks who sends, and reads what was sent.

It does what RFC 8030, 8291 and 8292 ask of a push service and of a browser: it verifies the signature of the sender's
key, keeps one message per topic, and decrypts by the browser's own private key, which the sender never has.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_SENDER = re.compile(r"vapid t=([^,\s]+),\s*k=([^,\s]+)")
LONGEST_EXPIRY_S = 24 * 3600


def base64url(content: bytes) -> str:
    """Return base64url without padding, as browsers write it."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Browser:
    """One browser that subscribed for `server_key`; `shown` has what it was told, as a service worker reads it."""

    url: str
    server_key: str
    name: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    private_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    shown: list[dict[str, Any]] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        """Its address at the push service."""
        return f"{self.url}/push/{self.name}"

    @property
    def subscription(self) -> dict[str, str]:
        """What its page tells the server."""
        point = self.private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": base64url(point), "auth": base64url(self.secret)}

    def read(self, body: bytes) -> dict[str, Any]:
        """Decrypt a message; raises when it was encrypted for somebody else."""
        clear = http_ece.decrypt(body, private_key=self.private_key, auth_secret=self.secret, version="aes128gcm")
        found: dict[str, Any] = json.loads(clear)
        return found


@dataclass
class Pushed:
    """One request as it came: `headers` by their names in small letters."""

    browser: Browser
    headers: dict[str, str]
    content: dict[str, Any]


@dataclass
class FakePushService:
    """What was pushed, and what to answer next.

    `answers` holds (status, headers) that are used up before messages are taken again; `hold` makes every answer wait
    until it is set, `hold_answer` only that to a message that was taken.
    """

    url: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)
    pushed: list[Pushed] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    hold: threading.Event | None = None
    hold_answer: threading.Event | None = None

    def subscribe(self, server_key: str) -> Browser:
        """Return a new browser that takes messages signed by this key, and no others."""
        browser = Browser(self.url, server_key)
        self.browsers[f"/push/{browser.name}"] = browser
        return browser

    def forget(self, browser: Browser) -> None:
        """Let the browser be gone: it unsubscribed, or was removed."""
        del self.browsers[f"/push/{browser.name}"]


class _Handler(BaseHTTPRequestHandler):
    fake: FakePushService

    def do_POST(self) -> None:
        """Take a message for a browser."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.fake.asked.append(self.path)
        if self.fake.hold is not None:
            self.fake.hold.wait(timeout=30)
        if self.fake.answers:
            status, headers = self.fake.answers.pop(0)
            return self._answer(status, headers)
        browser = self.fake.browsers.get(self.path)
        if browser is None:
            return self._answer(410)
        if problem := _problem(self.headers, browser):
            self.fake.refused.append(problem)
            return self._answer(403)
        headers = {name.lower(): value for name, value in self.headers.items()}
        message = Pushed(browser, headers, browser.read(body))
        self.fake.pushed.append(message)
        _show(browser, message.content)
        if self.fake.hold_answer is not None:
            self.fake.hold_answer.wait(timeout=30)
        self._answer(201)

    def do_GET(self) -> None:
        """Note that somebody followed a redirect."""
        self.fake.asked.append(self.path)
        self._answer(200)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has given up


def _show(browser: Browser, content: dict[str, Any]) -> None:
    """Show it as the service worker does: one with the same tag takes the place of the one before."""
    browser.shown = [one for one in browser.shown if one["id"] != content["id"]] + [content]


def _problem(headers: Any, browser: Browser) -> str:
    """Return what a push service refuses, or nothing."""
    found = _SENDER.fullmatch(headers.get("Authorization", ""))
    if found is None:
        return "no VAPID"
    token, key = found.groups()
    if key != browser.server_key:
        return "another sender's subscription"
    point = urlsafe_b64decode(key + "=" * (-len(key) % 4))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    try:
        claims = jwt.decode(token, public, algorithms=["ES256"], audience=browser.url, options={"require": ["exp"]})
    except jwt.InvalidTokenError as error:
        return str(error)
    rules = {
        "sub": str(claims.get("sub", "")).startswith(("mailto:", "https:")),
        "exp": claims["exp"] - time.time() <= LONGEST_EXPIRY_S,
        "TTL": headers.get("TTL", "").isdecimal(),
        "Content-Encoding": headers.get("Content-Encoding") == "aes128gcm",
        "Urgency": headers.get("Urgency") in {"very-low", "low", "normal", "high"},
        "Topic": re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers.get("Topic", "")) is not None,
    }
    return ", ".join(name for name, is_right in rules.items() if not is_right)


@contextmanager
def running_push_service() -> Iterator[FakePushService]:
    """Serve a fake on a free loopback port until the block ends."""
    fake = FakePushService()
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        for event in (fake.hold, fake.hold_answer):
            if event is not None:
                event.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
