"""A TURN client over UDP that asks for one thing at a time and returns the relay's own answer."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Any, Self

from aioice import stun
from aioice.stun import Class, Message, Method, parse_message
from aioice.turn import UDP_TRANSPORT, make_integrity_key

Address = tuple[str, int]
GRANTED = 0
DEADLINE_S = 5.0
IPV6 = 0x02000000
# RFC 8656, section 18.8; aioice itself never asks for a family.
_FAMILY: Any = (0x0017, "REQUESTED-ADDRESS-FAMILY", stun.pack_unsigned, stun.unpack_unsigned)
stun.ATTRIBUTES_BY_NAME[_FAMILY[1]] = stun.ATTRIBUTES_BY_TYPE[_FAMILY[0]] = _FAMILY


class TurnClient:
    """One UDP socket, hence at most one allocation. Each request returns 0 when granted, else the error's code."""

    def __init__(self, server: Address, username: str, password: str) -> None:
        self._username, self._password = username, password
        self._realm, self._nonce = "", b""
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.settimeout(DEADLINE_S)
        self._line.connect(server)
        self.relayed: Address | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the allocation back, or the quota of this user would be used up."""
        if self.relayed is not None:
            self._request(Method.REFRESH, LIFETIME=0)
        self._line.close()

    def allocate(self, *, is_ipv6: bool = False) -> int:
        """Ask for a relayed address, with credentials as soon as the relay wants them."""
        family = {"REQUESTED-ADDRESS-FAMILY": IPV6} if is_ipv6 else {}
        code, answer = self._request(Method.ALLOCATE, **{"REQUESTED-TRANSPORT": UDP_TRANSPORT, **family})
        if code == GRANTED:
            self.relayed = answer.attributes["XOR-RELAYED-ADDRESS"]
        return code

    def permit(self, peer: Address) -> int:
        """Ask to send to a peer, and to hear it."""
        return self._request(Method.CREATE_PERMISSION, **{"XOR-PEER-ADDRESS": peer})[0]

    def bind(self, peer: Address, channel: int = 0x4000) -> int:
        """Ask for a channel to a peer."""
        return self._request(Method.CHANNEL_BIND, **{"CHANNEL-NUMBER": channel, "XOR-PEER-ADDRESS": peer})[0]

    def relay(self, data: bytes, peer: Address) -> None:
        """Send data to a peer; the relay drops it without a permission."""
        attributes = {"XOR-PEER-ADDRESS": peer, "DATA": data}
        self._line.send(bytes(Message(Method.SEND, Class.INDICATION, attributes=attributes)))

    def _request(self, method: Method, **attributes: object) -> tuple[int, Message]:
        answer = self._exchange(method, attributes)
        if answer.error_code == 401 and not self._nonce:
            self._realm, self._nonce = answer.attributes["REALM"], answer.attributes["NONCE"]
            answer = self._exchange(method, attributes)
        return answer.error_code or GRANTED, answer

    def _exchange(self, method: Method, attributes: dict[str, object]) -> Message:
        request = Message(method, Class.REQUEST, attributes=dict(attributes))
        if self._nonce:
            request.attributes.update(USERNAME=self._username, REALM=self._realm, NONCE=self._nonce)
            request.add_message_integrity(make_integrity_key(self._username, self._realm, self._password))
        self._line.send(bytes(request))
        while True:
            answer = parse_message(self._line.recv(2048))
            if answer.transaction_id == request.transaction_id:
                return answer
