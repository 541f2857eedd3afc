"""GOV.UK Notify's v2 API over a real socket: what its own client needs of it, with its checks of the token."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE_ID = "11111111-1111-4111-8111-111111111111"
SECRET = "22222222-2222-4222-8222-222222222222"
API_KEY = f"fake-{SERVICE_ID}-{SECRET}"
TEMPLATE_ID = "33333333-3333-4333-8333-333333333333"
EMAIL_TEMPLATE_ID = "44444444-4444-4444-8444-444444444444"
SMS_PATH, EMAIL_PATH, LIST_PATH = "/v2/notifications/sms", "/v2/notifications/email", "/v2/notifications"
# What each path takes: the field of the address, the template, and what the template wants.
TAKEN = {
    SMS_PATH: ("phone_number", TEMPLATE_ID, {"body"}),
    EMAIL_PATH: ("email_address", EMAIL_TEMPLATE_ID, {"subject", "body"}),
}


@dataclass
class FakeNotify:
    """What was sent, and what to answer next.

    `answers` holds (status, message) pairs that are used up before messages are taken again; `is_lossy` takes a
    message but answers 500, as when the answer is lost; `hold` makes every answer wait until it is set, `hold_answer`
    only that to a message that was taken. `asked` has the references that were looked for.
    """

    url: str = ""
    sent: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    is_lossy: bool = False
    hold: threading.Event | None = None
    hold_answer: threading.Event | None = None
    asked: list[str] = field(default_factory=list)

    def texts(self) -> list[str]:
        """Return the text of each message taken."""
        return [row["personalisation"]["body"] for row in self.sent]


class _Handler(BaseHTTPRequestHandler):
    fake: FakeNotify

    def do_POST(self) -> None:
        """Take a text message or an e-mail."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if self._is_stopped():
            return
        if self.path not in TAKEN:
            return self._answer(404, _errors("NoResultFound", "Not found"))
        address, template, wanted = TAKEN[self.path]
        missing = {address, "template_id"} - set(body)
        if missing or body["template_id"] != template or wanted - set(body.get("personalisation", {})):
            return self._answer(400, _errors("BadRequestError", "Missing personalisation: body"))
        taken = {"id": str(uuid.uuid4()), "status": "created", **body}
        self.fake.sent.append(taken)
        if self.fake.hold_answer is not None:
            self.fake.hold_answer.wait(timeout=30)
        if self.fake.is_lossy:
            return self._answer(500, _errors("Exception", "Internal server error"))
        self._answer(201, {"id": taken["id"], "reference": body.get("reference"), "content": {}})

    def do_GET(self) -> None:
        """List messages by reference, newest first."""
        address = urlsplit(self.path)
        if self._is_stopped():
            return
        if address.path != LIST_PATH:
            return self._answer(404, _errors("NoResultFound", "Not found"))
        wanted = parse_qs(address.query).get("reference", [""])[0]
        self.fake.asked.append(wanted)
        found = [row for row in reversed(self.fake.sent) if row.get("reference") == wanted]
        self._answer(200, {"notifications": found, "links": {"current": self.path}})

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _is_stopped(self) -> bool:
        """Check the token as the service does, and give whatever answer was asked for; whether one was given."""
        if self.fake.hold is not None:
            self.fake.hold.wait(timeout=30)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=SERVICE_ID)
            is_fresh = abs(time.time() - claims["iat"]) < 30
        except jwt.InvalidTokenError:
            is_fresh = False
        if not is_fresh:
            self._answer(403, _errors("AuthError", "Invalid token: signature, api token not found"))
            return True
        if not self.fake.answers:
            return False
        status, message = self.fake.answers.pop(0)
        self._answer(status, _errors("Error", message))
        return True

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps({**body, **({"status_code": status} if status >= 400 else {})}).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has given up


def _errors(error: str, message: str) -> dict[str, Any]:
    return {"errors": [{"error": error, "message": message}]}


@contextmanager
def running_notify() -> Iterator[FakeNotify]:
    """Serve a fake on a free loopback port until the block ends."""
    fake = FakeNotify()
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
