"""One reception in tune with its room: whatever is up is received, by one connection, one offer at a time.

Level-triggered: the newest state of the room says what is wanted, the lines of the last answered offer what is had.
The media server's own news of who publishes are not used: rows are the truth.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from consultations import wire
from consultations.limits import ANSWER_OFFER_WITHIN_S, GATHER_CHANGES_S
from consultations.services import receptions
from consultations.services.feeds import RoomFeed
from consultations.signalling.receiving import Received, TunedPlace, first_layers, receive
from forces import clock
from forces.context import ForceRef, ain_force
from forces.errors import DomainError
from streams.gateway.interface import (
    Answer,
    Candidate,
    HandleGone,
    HandleRef,
    Layer,
    Line,
    LineWish,
    Medium,
    NoSuchFeed,
    OfferPending,
    Tuned,
)
from streams.signalling.gateways import gateway_for
from streams.signalling.publish import detach_all
from streams.signalling.rooms import room_secret

log = logging.getLogger(__name__)
TRY_AGAIN_S = 0.5
Say = Callable[[wire.ReceptionOffer], None]


_by_reception: dict[UUID, Tuner] = {}


class Tuner:
    """Tunes the reception of one place for the socket of its page, in whose process it is."""

    def __init__(self, force: ForceRef, place: TunedPlace, say: Say) -> None:
        """`say` sends an offer to the page."""
        self.force, self.place, self._say = force, place, say
        self.reception_id: UUID | None = None
        self.handle: HandleRef | None = None
        self.lines: dict[str, Line] = {}
        self.number = 0
        self._wanted: dict[str, RoomFeed] = {}
        self._layers: dict[str, Layer | None] = {}
        self._news = asyncio.Event()
        self._answer: asyncio.Future[str] | None = None
        self._first: Received | None = None
        self._renewal = False
        self._task: asyncio.Task[None] | None = None

    def start(
        self,
        feeds: Sequence[RoomFeed],
        *,
        first: Received | None = None,
        held: tuple[UUID, HandleRef, Mapping[str, tuple[str, str]]] | None = None,
    ) -> None:
        """Begin: with what was offered just now, with what goes on from before, or with nothing."""
        self._first = first
        if first is not None:
            self._hold(first.reception_id, first.handle)
        elif held is not None:
            self._hold(held[0], held[1])
            self.lines = {mid: Line(mid, line[0], Medium(line[1])) for mid, line in held[2].items()}
        self.wish(feeds)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Tune no more; the reception itself goes on, for whoever takes it up."""
        if self.reception_id is not None:
            _by_reception.pop(self.reception_id, None)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def wish(self, feeds: Sequence[RoomFeed]) -> None:
        """Take in which feeds of the room are up now; of the own ones the line check alone wants any."""
        is_check = self.place.purpose == "check"
        own = str(self.place.participant_id)
        self._wanted = {feed.feed_id: feed for feed in feeds if is_check or feed.participant_id != own}
        self._news.set()

    def answer(self, reception_id: UUID, number: int, sdp: str) -> None:
        """Take in the page's answer; one to an older offer is ignored."""
        is_present = reception_id == self.reception_id and number == self.number
        if is_present and self._answer is not None and not self._answer.done():
            self._answer.set_result(sdp)

    def renew(self, reception_id: UUID) -> None:
        """The page's network is another one: it is offered new ICE credentials, or a new reception where none is."""
        self._renewal = self.handle is not None and reception_id == self.reception_id
        self._news.set()

    async def trickle(self, reception_id: UUID, candidate: Candidate | None) -> None:
        """Pass on a candidate of the page's; for a reception that is over it came too late."""
        if self.handle is None or reception_id != self.reception_id:
            return
        with contextlib.suppress(HandleGone):
            await (await gateway_for(self.place.node)).trickle(self.handle, candidate)

    async def choose_layers(self, wanted: Mapping[str, str]) -> None:
        """Show each picture in the size that was asked for, without an offer; of unknown feeds nothing happens."""
        self._layers |= {feed_id: None if layer == "off" else Layer(layer) for feed_id, layer in wanted.items()}
        wishes = [
            LineWish(line.mid, self._layers[line.feed_id])
            for line in self.lines.values()
            if line.medium is Medium.VIDEO and line.feed_id in wanted
        ]
        if self.handle is None or not wishes:
            return
        with contextlib.suppress(HandleGone, NoSuchFeed):
            await (await gateway_for(self.place.node)).tune_lines(self.handle, wishes)

    def lost(self) -> None:
        """The reception is gone at the media server: another one begins."""
        self._forget()
        self._news.set()

    async def _run(self) -> None:
        """Go on until cancelled; what fails is tried again a moment later, and a place that is over ends it."""
        while True:
            try:
                if self._first is not None:
                    first, self._first = self._first, None
                    await self._offer(first.tuned)
                await self._news.wait()
                self._news.clear()
                await asyncio.sleep(GATHER_CHANGES_S)
                await self._tune()
            except DomainError as error:
                log.info("a reception is not tuned any more: %s", error.code)
                return
            except HandleGone:
                self.lost()
            except OfferPending:
                await self._end("no_answer")
                self._news.set()
            except Exception:  # the media server, or a database that is away: the page still wants to see
                log.warning("a reception was not tuned, it is tried again", exc_info=True)
                await asyncio.sleep(TRY_AGAIN_S)
                self._news.set()

    async def _tune(self) -> None:
        if self._renewal and self.handle is not None:
            self._renewal = False
            offer = await (await gateway_for(self.place.node)).renew(self.handle)
            await self._offer(Tuned(offer, tuple(self.lines.values())))
        self.lines = {mid: line for mid, line in self.lines.items() if line.feed_id in self._wanted}
        have = {line.feed_id for line in self.lines.values()}
        add = [feed_id for feed_id in self._wanted if feed_id not in have]
        if not add:
            return
        try:
            tuned = await self._ask(add)
        except NoSuchFeed:
            await self._drop_absent()
            return
        if tuned is not None and tuned.offer is not None:
            await self._offer(tuned)

    async def _ask(self, add: list[str]) -> Tuned | None:
        if self.handle is None:
            return await self._begin()
        gateway = await gateway_for(self.place.node)
        return await gateway.retune(self.handle, add, (), self._first_layers(add))

    async def _begin(self) -> Tuned | None:
        """Let a reception begin; None while there is nothing to receive."""
        admission = await ain_force(
            self.force,
            receptions.admit_reception,
            now=clock.now(),
            place_id=self.place.place_id,
            socket=self.place.socket,
        )
        if admission is None:
            return None
        await detach_all(self.force, admission.leftovers)
        self._wanted |= {feed.feed_id: feed for feed in admission.feeds}
        try:
            received = await receive(self.force, self.place, admission.reception_id, admission.feeds, self._layers)
        except BaseException:
            await self._give_up(admission.reception_id)
            raise
        self._hold(received.reception_id, received.handle)
        return received.tuned

    async def _offer(self, tuned: Tuned) -> None:
        """Send an offer, wait for its answer, and keep what it carries."""
        if self.handle is None or self.reception_id is None or tuned.offer is None:
            return
        self.number += 1
        self._answer = asyncio.get_running_loop().create_future()
        lines = {line.mid: {"feed_id": line.feed_id, "medium": str(line.medium)} for line in tuned.lines}
        offer: dict[str, Any] = {"reception_id": str(self.reception_id), "offer": self.number, "sdp": tuned.offer.sdp}
        self._say(wire.ReceptionOffer(**offer, lines=lines))
        try:
            sdp = await asyncio.wait_for(self._answer, ANSWER_OFFER_WITHIN_S)
        except TimeoutError:
            await self._end("no_answer")
            return
        finally:
            self._answer = None
        await (await gateway_for(self.place.node)).start(self.handle, Answer(sdp))
        self.lines = {line.mid: line for line in tuned.lines}
        kept = {line.mid: (line.feed_id, str(line.medium)) for line in tuned.lines}
        await ain_force(self.force, receptions.note_lines, reception_id=self.reception_id, lines=kept)
        asked = {feed: layer for feed, layer in self._layers.items() if feed in {one.feed_id for one in tuned.lines}}
        await self.choose_layers({feed: str(layer) if layer else "off" for feed, layer in asked.items()})

    async def _drop_absent(self) -> None:
        """Somebody left in this moment: want no more than there is; the rows are corrected by the watchdog."""
        gateway = await gateway_for(self.place.node)
        there = set(await gateway.list_feeds(self.place.room_id, room_secret(self.place.room_id)))
        self._wanted = {feed_id: feed for feed_id, feed in self._wanted.items() if feed_id in there}
        self._news.set()

    async def _end(self, reason: str) -> None:
        reception_id = self.reception_id
        self._forget()
        if reception_id is not None:
            left = await ain_force(
                self.force, receptions.end_reception, now=clock.now(), reception_id=reception_id, reason=reason
            )
            await detach_all(self.force, left)

    async def _give_up(self, reception_id: UUID) -> None:
        with contextlib.suppress(DomainError):
            await ain_force(
                self.force,
                receptions.end_reception,
                now=clock.now(),
                reception_id=reception_id,
                reason="gateway_failed",
            )

    def _first_layers(self, add: Sequence[str]) -> dict[str, Layer]:
        return first_layers([self._wanted[feed_id] for feed_id in add], len(self._wanted), self._layers)

    def _hold(self, reception_id: UUID, handle: HandleRef) -> None:
        self.reception_id, self.handle = reception_id, handle
        _by_reception[reception_id] = self

    def _forget(self) -> None:
        if self.reception_id is not None:
            _by_reception.pop(self.reception_id, None)
        self.reception_id = self.handle = None
        self.lines = {}


def tuner_of(reception_id: UUID) -> Tuner | None:
    """Return what tunes a reception in this process."""
    return _by_reception.get(reception_id)
