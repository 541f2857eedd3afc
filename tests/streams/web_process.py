"""A web process of its own for tests of sockets: the real server, over real connections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpx

from config.services.applications import web_process
from config.services.ports import PortBlock
from config.services.processes import Running
from config.services.settings_environment import redis_rights
from config.services.stack import Stack
from streams.selectors import CALLER_COOKIE, CallerTicket, write_caller_cookie
from tests.people import PASSWORD, code_of
from tests.streams.line import Line


@dataclass(frozen=True)
class Web:
    """A running web process and its port."""

    port: int
    running: Running
    schema: str = "herts"

    @property
    def host(self) -> str:
        return f"{self.schema}.localhost:{self.port}"

    def of(self, schema: str) -> Web:
        """Return the same process as another force's people reach it."""
        return replace(self, schema=schema)

    async def sign_in(self, role: str = "operator") -> str:
        """Sign a person in by the page; return the session's cookie."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers={"Host": self.host}) as client:
            page = await client.get("/sign-in/")
            fields = {"username": role, "password": PASSWORD, "csrfmiddlewaretoken": page.cookies["sl_csrf"]}
            answer = await client.post(
                "/sign-in/", data=fields, headers={"Cookie": f"sl_csrf={page.cookies['sl_csrf']}"}
            )
            if answer.headers.get("location") == "/sign-in/code/":
                kept = f"sl_csrf={page.cookies['sl_csrf']}; sl_session={answer.cookies['sl_session']}"
                fields = {"code": code_of(role, self.schema), "csrfmiddlewaretoken": page.cookies["sl_csrf"]}
                answer = await client.post("/sign-in/code/", data=fields, headers={"Cookie": kept})
        assert answer.status_code == 302, answer.text
        return f"sl_session={answer.cookies['sl_session']}"

    async def console(self, cookie: str, *, ahead: int = 2**20, headers: Mapping[str, str] | None = None) -> Line:
        """Open a console and read its snapshot."""
        line = await self.open("/ws/console/", cookie, ahead=ahead, headers=headers)
        await line.expect("console.snapshot")
        return line

    async def caller(
        self, ticket: CallerTicket, *, ahead: int = 2**20, headers: Mapping[str, str] | None = None
    ) -> Line:
        """Open a caller's page and read its state."""
        line = await self.open(
            "/ws/caller/", f"{CALLER_COOKIE}={write_caller_cookie(ticket)}", ahead=ahead, headers=headers
        )
        await line.expect("caller.state")
        return line

    async def open(
        self, path: str, cookie: str, *, ahead: int = 2**20, headers: Mapping[str, str] | None = None
    ) -> Line:
        line = await Line.open(self.port, path, self.host, cookie, ahead=ahead, headers=headers)
        assert line.is_accepted, line.response
        return line


@contextmanager
def running_web(stack: Stack, database: str) -> Iterator[Web]:
    """Run a web process on a database."""
    block = PortBlock.take()
    settings = {**stack.environment, **redis_rights(stack.environment, "web"), "SIGHTLINE_DB_NAME": database}
    running = stack.spawn_program(web_process(block.ports.web(), settings, "daphne-edge"))
    try:
        yield Web(block.ports.web(), running)
    finally:
        running.stop()
        block.release()
