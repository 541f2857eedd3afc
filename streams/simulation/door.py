"""The public address of a force, reached over loopback where its name resolves in browsers only."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import websockets
from websockets.asyncio.client import connect

from streams.simulation.errors import SimulationError

# Production puts "__Host-" before it.
CSRF_COOKIE = "sl_csrf"
TIMEOUT_SECONDS = 15.0
MAX_FRAME_BYTES = 1_000_000


class Door:
    """One browser: it keeps its cookies, sends Host and Origin, and answers the CSRF check."""

    def __init__(self, base_url: str) -> None:
        """`base_url` is scheme, host and port: http://herts.localhost:8000."""
        parts = urlsplit(base_url)
        self._host = parts.netloc
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._is_secure = parts.scheme == "https"
        is_local = (parts.hostname or "").endswith("localhost")
        self._address = "127.0.0.1" if is_local else parts.hostname or ""
        self._http = httpx.AsyncClient(
            base_url=f"{parts.scheme}://{self._address}:{self._port}",
            headers={"Host": self._host, "Origin": self._origin, "User-Agent": "sightline-simulator"},
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        """Use as a context: connections are closed at its end."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close connections."""
        await self._http.aclose()

    async def get_page(self, path: str) -> str:
        """The page at `path`. Raises SimulationError for any answer but 200."""
        return (await self._request("GET", path, {200})).text

    async def get_data(self, path: str, **query: str) -> Any:
        """The JSON at `path`. Raises SimulationError."""
        return (await self._request("GET", path, {200}, params=query)).json()

    async def post_form(self, path: str, fields: Mapping[str, str] | None = None) -> None:
        """Send a form as the page before would; a redirect is success. Raises SimulationError."""
        form = {"csrfmiddlewaretoken": self._csrf_token(), **(fields or {})}
        await self._request("POST", path, {302, 303}, data=form)

    async def post_data(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Send JSON, return JSON. Raises SimulationError for any answer but 200 and 201."""
        answer = await self._request("POST", path, {200, 201}, json=dict(body or {}))
        return answer.json()

    def open_socket(self, path: str) -> connect:
        """A WebSocket with this browser's cookies, to be entered as a context."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())
        scheme = "wss" if self._is_secure else "ws"
        return connect(
            f"{scheme}://{self._host}{path}",
            host=self._address,
            port=self._port,
            origin=websockets.Origin(self._origin),
            additional_headers={"Cookie": cookies},
            open_timeout=TIMEOUT_SECONDS,
            max_size=MAX_FRAME_BYTES,
            proxy=None,
        )

    def _csrf_token(self) -> str:
        tokens = (value or "" for name, value in self._http.cookies.items() if name.endswith(CSRF_COOKIE))
        return next(tokens, "")

    async def _request(self, method: str, path: str, expected: set[int], **options: Any) -> httpx.Response:
        headers = {"X-CSRFToken": self._csrf_token()} if method == "POST" else {}
        try:
            answer = await self._http.request(method, path, headers=headers, **options)
        except httpx.HTTPError as error:
            raise SimulationError(f"{method} {_public(path)}: {error!r}") from error
        if answer.status_code not in expected:
            raise SimulationError(f"{method} {_public(path)}: {answer.status_code} {answer.text[:300]}")
        return answer


def _public(path: str) -> str:
    """The path without a link's token, for logs."""
    return "/i/..." if path.startswith("/i/") else path
