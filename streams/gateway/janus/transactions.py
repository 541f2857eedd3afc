"""The table of open requests: each has an id, an owner and a deadline, and is settled exactly once.

Janus answers most requests twice: an `ack` (queued) and then the event, with the same transaction id.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from streams.gateway.interface import GatewayError, GatewayTimeout

Message = Mapping[str, Any]
Send = Callable[[str], Awaitable[None]]

# Ids of requests given up lately, to tell a late answer from one that was never ours.
REMEMBERED_IDS = 1024


@dataclass(slots=True)
class Transaction:
    """One open request. `owner` names the session and verb for logs; `answer` is the reply message."""

    id: str
    owner: str
    is_ack_enough: bool
    answer: asyncio.Future[Message] = field(repr=False)


class Transactions:
    """Open requests of one connection; `counts` has `late`, `stray` and `timeout` since the start."""

    def __init__(self) -> None:
        """Start with nothing open."""
        self.counts: Counter[str] = Counter()
        self._open: dict[str, Transaction] = {}
        self._given_up: deque[str] = deque(maxlen=REMEMBERED_IDS)

    async def ask(self, send: Send, *, owner: str, seconds: float, is_ack_enough: bool = False) -> Message:
        """Send under a new id and return the answer, all within `seconds`.

        Only keepalive, trickle and the like are done with the ack alone. Raises GatewayTimeout (an answer
        that comes later is dropped), and what `send` or `fail_all` raise.
        """
        transaction = self._open_one(owner, is_ack_enough)
        try:
            async with asyncio.timeout(seconds):
                await send(transaction.id)
                return await transaction.answer
        except TimeoutError:
            self.counts["timeout"] += 1
            raise GatewayTimeout(f"{owner}: no answer in {seconds:g} s") from None
        finally:
            self._give_up(transaction)

    def settle(self, message: Message) -> bool:
        """Give an incoming message to its request; False when it is none of ours to answer."""
        transaction_id = message.get("transaction")
        if not isinstance(transaction_id, str):
            return False
        transaction = self._open.get(transaction_id)
        if transaction is None:
            self.counts["late" if transaction_id in self._given_up else "stray"] += 1
            return True
        if message.get("janus") == "ack" and not transaction.is_ack_enough:
            return True
        del self._open[transaction_id]
        if not transaction.answer.done():
            transaction.answer.set_result(message)
        return True

    def fail_all(self, error: GatewayError) -> None:
        """Fail every open request, because its answer can not come any more."""
        pending, self._open = self._open, {}
        for transaction in pending.values():
            if not transaction.answer.done():
                transaction.answer.set_exception(error)

    def _open_one(self, owner: str, is_ack_enough: bool) -> Transaction:
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        transaction = Transaction(secrets.token_hex(8), owner, is_ack_enough, future)
        self._open[transaction.id] = transaction
        return transaction

    def _give_up(self, transaction: Transaction) -> None:
        """Forget a request that ended by deadline, cancellation or a failed send."""
        if self._open.pop(transaction.id, None) is not None:
            self._given_up.append(transaction.id)
        if not transaction.answer.cancel() and not transaction.answer.cancelled():
            transaction.answer.exception()  # seen, also when the send failed first
