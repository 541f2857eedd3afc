"""The peer that takes RTMP and serves it as HTTP-FLV: node-media-server by its own command, and a page of mpegts.js."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.services.applications import CLONE
from config.services.identities import own_directory
from config.services.ports import Ports
from config.services.processes import accepts_connections
from config.services.programs import Program
from config.services.stack import Stack

PAGES = Path(__file__).parent / "peers/flv"
MODULES = CLONE / "web/node_modules"


@contextmanager
def flv_server(stack: Stack, ports: Ports) -> Iterator[tuple[int, int]]:
    """Run the server on two free ports of a block; yields that of RTMP and that of HTTP, which has the page."""
    rtmp_port, http_port = ports.web(0), ports.web(1)
    directory = stack.directory / "flv"
    shutil.rmtree(directory, ignore_errors=True)
    own_directory(directory)
    shutil.copytree(PAGES, directory / "html")
    shutil.copy(MODULES / "mpegts.js/dist/mpegts.js", directory / "html")
    configuration = {
        "bind": "127.0.0.1",
        "rtmp": {"port": rtmp_port},
        "http": {"port": http_port},
        "static": {"router": "/", "root": str(directory / "html")},
        "webadmin": {"enable": False},
        "record": {"auto": False, "path": "./record"},
        "store": {"path": "./data"},
    }
    (directory / "config.json").write_text(json.dumps(configuration))
    program = MODULES / "node-media-server/bin/app.js"
    running = stack.spawn_program(
        Program(
            name="peer-flv",
            command=(str(CLONE / ".venv/bin/node"), str(program), "--config", str(directory / "config.json")),
            directory=directory,
            is_ready=lambda: accepts_connections(http_port) and accepts_connections(rtmp_port),
        )
    )
    try:
        yield rtmp_port, http_port
    finally:
        running.stop()
        shutil.rmtree(directory, ignore_errors=True)
