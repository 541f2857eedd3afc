"""A Janus beside ours that knows nothing of us, and the WHIP endpoint before it: the peer of drones."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.services.addresses import media_address
from config.services.applications import CLONE
from config.services.identities import own_directory, service_user, write_private
from config.services.janus.node import speaks_janus
from config.services.ports import PortBlock, Ports
from config.services.processes import Running
from config.services.programs import Program
from config.services.rendering import render
from config.services.stack import Stack
from streams.gateway.interface import RoomSpec

TEMPLATES = Path(__file__).parent / "peers/janus"


@dataclass(frozen=True)
class BareJanus:
    """A running Janus; its block of ports has some that nobody uses."""

    running: Running
    ports: Ports
    directory: Path

    @property
    def url(self) -> str:
        """Where its API is spoken."""
        return f"ws://127.0.0.1:{self.ports.janus}"

    @property
    def recordings(self) -> Path:
        """Where it may record."""
        return self.directory / "recordings"

    def room_options(self, *, is_recorded: bool) -> dict[str, Any]:
        """Return what every room is made with: codecs and limit are those of our rooms."""
        options = {"publishers": 6, "bitrate": RoomSpec("", "", "").bitrate, "videocodec": "vp8,h264"}
        recorded = {"record": True, "rec_dir": str(self.recordings)} if is_recorded else {}
        return {**options, "audiocodec": "opus", **recorded}


@contextmanager
def bare_janus(stack: Stack) -> Iterator[BareJanus]:
    """Run a Janus beside the stack's, with the same program; what it records is thrown away."""
    block, user = PortBlock.take(), service_user("janus")
    directory = stack.directory / "bare-janus"
    shutil.rmtree(directory, ignore_errors=True)
    own_directory(directory, user)
    own_directory(directory / "recordings", user)
    modules = sorted(Path("/usr/lib").glob("*/janus/plugins"))[0].parent
    first, last = block.ports.rtp
    values = {"modules": modules, "media_address": media_address(), "first_port": first, "last_port": last}
    for template in TEMPLATES.iterdir():
        text = render(str(template), configuration=directory, port=block.ports.janus, **values)
        write_private(directory / template.name, text, user)
    running = stack.spawn_program(
        Program(
            name="bare-janus",
            command=("janus", "-F", str(directory), "-C", str(directory / "janus.jcfg")),
            directory=directory,
            user=user,
            is_ready=lambda: speaks_janus(block.ports.janus),
        )
    )
    try:
        yield BareJanus(running, block.ports, directory)
    finally:
        running.stop()
        block.release()
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def whip_server(janus: BareJanus, *, is_recorded: bool = False) -> Iterator[str]:
    """Run the WHIP endpoint; yields its address, to which a room's name is added."""
    options = json.dumps(janus.room_options(is_recorded=is_recorded))
    words = (sys.executable, "-m", "tests.bench.peers.whip_server", janus.url, options)
    process = subprocess.Popen(words, cwd=CLONE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/whip"
    finally:
        process.terminate()
        process.wait(timeout=10)
