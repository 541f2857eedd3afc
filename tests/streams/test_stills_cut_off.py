"""Pictures whose request is cut off, answered with an error or sent again while they are stored: kept whole, once."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from evidence import stills as storing
from forces import clock
from forces.context import CommitUncertain, ForceRef, ain_force
from streams import signalling
from streams.models import Still
from streams.services import stills
from streams.services.live_stills import forget_live_stills
from streams.services.stills import NewStill
from streams.signalling import stills as taking
from streams.signalling.stills import take_still
from tests.factories.pictures import picture
from tests.factories.streams import Caller
from tests.streams.socket_peers import make, until
from tests.streams.test_gathered_stills import gathered
from tests.streams.test_stills_door import ask_of, files, rows

OWN, ASKED, LADDER = Still.Purpose.OWN, Still.Purpose.ASKED, Still.Purpose.LADDER


@pytest.fixture(autouse=True)
def evidence_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is stored to the test; returns the directory."""
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")
    return tmp_path / "evidence"


@pytest.fixture
async def caller(live_db: str, herts: ForceRef) -> Caller:
    """Return a caller who agreed to video, and to be recorded."""
    made: Caller = await make(herts)
    return made


class Gate:
    """Stands before a function: notes that it was reached, and lets nobody through until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
        self._through = getattr(module, name)
        self.reached, self.opened = threading.Event(), threading.Event()
        monkeypatch.setattr(module, name, self._pass)

    def _pass(self, *args: Any, **kwargs: Any) -> Any:
        self.reached.set()
        assert self.opened.wait(10)
        return self._through(*args, **kwargs)


def phone_of(caller: Caller, herts: ForceRef) -> signalling.Caller:
    return signalling.Caller(herts, caller.ticket, "")


def new(purpose: Still.Purpose = OWN, ask_id: Any = None) -> NewStill:
    return NewStill(purpose, ask_id, clock.now(), hashlib.sha256(picture()).hexdigest())


async def kept(herts: ForceRef, directory: Path) -> tuple[tuple[int, int, int], int]:
    """Return the rows (stills, items, files) and the number of files on disk, once nothing is on its way."""
    await until(lambda: not taking._begun)
    return await asyncio.to_thread(rows, herts), len(files(directory))


@pytest.mark.parametrize("moment", ["storing", "keeping"])
async def test_caller_whose_line_is_cut_while_a_picture_is_taken_has_it_kept_whole(
    caller: Caller, herts: ForceRef, evidence_directory: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    module, name = {"storing": (taking, "store_still"), "keeping": (stills, "keep_still")}[moment]
    gate, phone = Gate(monkeypatch, module, name), phone_of(caller, herts)
    request = asyncio.create_task(take_still(phone, new(), picture()))
    await until(gate.reached.is_set)

    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    gate.opened.set()

    await until(lambda: len(files(evidence_directory)) >= 3)
    assert await kept(herts, evidence_directory) == ((1, 1, 3), 3)
    _, is_new = await take_still(phone, new(), picture())
    assert not is_new
    assert await kept(herts, evidence_directory) == ((1, 1, 3), 3)


@pytest.mark.parametrize("error", [CommitUncertain, ConnectionError])
async def test_picture_that_was_kept_before_an_error_has_its_files(
    caller: Caller, herts: ForceRef, evidence_directory: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    fail_after_keeping(monkeypatch, error)

    with pytest.raises(error):
        await take_still(phone_of(caller, herts), new(), picture())

    assert await kept(herts, evidence_directory) == ((1, 1, 3), 3)


async def test_picture_of_a_stretch_that_was_kept_before_an_error_and_is_no_news_has_its_files(
    caller: Caller, herts: ForceRef, evidence_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_after_keeping(monkeypatch, ConnectionError, lambda: forget_live_stills(caller.session.id))

    with pytest.raises(ConnectionError):
        await take_still(phone_of(caller, herts), new(LADDER), picture())

    assert len(gathered(evidence_directory)) == 2


async def test_picture_that_was_not_kept_leaves_no_file(
    caller: Caller, herts: ForceRef, evidence_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(**_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(stills, "keep_still", lose)

    with pytest.raises(ConnectionError):
        await take_still(phone_of(caller, herts), new(), picture())

    assert await kept(herts, evidence_directory) == ((0, 0, 0), 0)


@pytest.mark.parametrize("purpose", [OWN, ASKED])
async def test_phone_that_sends_a_picture_again_while_it_is_stored_is_told_of_the_one_that_is_kept(
    caller: Caller, herts: ForceRef, evidence_directory: Path, monkeypatch: pytest.MonkeyPatch, purpose: Any
) -> None:
    ask_id = await asyncio.to_thread(ask_of, herts, caller) if purpose == ASKED else None
    both, stored = threading.Barrier(2), storing.store_still

    def store_together(*args: Any) -> Any:
        both.wait(10)
        return stored(*args)

    monkeypatch.setattr(taking, "store_still", store_together)
    phone, still = phone_of(caller, herts), new(purpose, ask_id)

    answers = await asyncio.gather(*(take_still(phone, still, picture()) for _ in range(2)))

    assert sorted(is_new for _, is_new in answers) == [False, True]
    assert answers[0][0] == answers[1][0]
    assert await kept(herts, evidence_directory) == ((1, 1, 3), 3)
    item_id = await ain_force(herts, lambda: str(Still.objects.get().item_id))
    assert {path.parent.name for path in files(evidence_directory)} == {item_id}


def fail_after_keeping(monkeypatch: pytest.MonkeyPatch, error: type[Exception], meanwhile: Any = None) -> None:
    """Let the act of keeping end with an error although it was committed."""
    act = signalling.Caller.act

    async def act_and_fail(self: signalling.Caller, service: Any, **arguments: Any) -> Any:
        done = await act(self, service, **arguments)
        if service is stills.keep_still:
            if meanwhile is not None:
                await ain_force(self.force, meanwhile)
            raise error
        return done

    monkeypatch.setattr(signalling.Caller, "act", act_and_fail)
