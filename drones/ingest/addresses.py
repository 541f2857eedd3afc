"""Which camera addresses may be pulled from: a door through which nobody may reach what is inside (SSRF).

A name is resolved once, the addresses are judged, and what connects is given the address and never the name: a name
that answers differently the second time (DNS rebinding) is not asked a second time.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, unquote, urlsplit

from forces.errors import DomainError

DEFAULT_PORT = 554
LONGEST_URL = 500
RESOLVING_SECONDS = 5.0

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str], Awaitable[Sequence[str]]]

# Threads of their own: a name server that does not answer must not take those by which forces are looked after.
_resolving = ThreadPoolExecutor(8, thread_name_prefix="resolving")
# Without the quote, in which an address is handed on.
_PRINTABLE = re.compile(r"[!-&(-~]+")
# Never pulled from, whatever a force allows: this machine, this link, groups, what is reserved, addresses that hide
# another one (6to4, Teredo, NAT64), and where clouds answer with credentials outside of the link-local range.
_NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "192.0.0.0/24"),
        *("100.100.100.200/32", "168.63.129.16/32"),
        *("::/96", "fe80::/10", "fec0::/10", "ff00::/8", "2001::/32", "2002::/16", "64:ff9b::/96"),
        *("64:ff9b:1::/48", "100::/64", "fd00:ec2::254/128", "fd20:ce::254/128"),
    )
)
# Reached only where a force names a network inside of them: "everything" is no leave to look around at home.
_INSIDE: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "fc00::/7")
)


class AddressRefused(DomainError):
    """This address is not pulled from; `reason` is stable (HTTP 400)."""

    code = "address_refused"
    http_status = 400

    def __init__(self, reason: str, message: str) -> None:
        """`reason` is one of malformed, unresolved, forbidden, own, not_allowed."""
        super().__init__(message, details={"reason": reason})
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PullAddress:
    """An RTSP address as it is written: name or number, port, path with query, and who asks."""

    host: str
    port: int
    path: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PullTarget:
    """Where to connect to: an address that was judged, and is not looked up again."""

    address: Address
    source: PullAddress


def read_url(url: str) -> PullAddress:
    """Read an `rtsp://` address; raises `AddressRefused`."""
    if len(url) > LONGEST_URL or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise _malformed()
    try:
        parts = urlsplit(url)
        port = DEFAULT_PORT if parts.port is None else parts.port
    except ValueError as error:
        raise _malformed() from error
    host = parts.hostname or ""
    if parts.scheme != "rtsp" or not host or "%" in host or not 0 < port < 65536 or parts.fragment:
        raise _malformed()
    return PullAddress(host, port, _path(parts), unquote(parts.username or ""), unquote(parts.password or ""))


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read the networks that a force allows, as "10.20.0.0/16"; raises `AddressRefused` for what is none."""
    try:
        return tuple(ipaddress.ip_network(text.strip()) for text in texts)
    except ValueError as error:
        raise AddressRefused(
            "malformed", "A network is written as 10.20.0.0/16, without bits after the prefix."
        ) from error


def check_address(address: Address, allowed: Sequence[Network], *, may_be_here: bool = False) -> None:
    """Raise `AddressRefused` unless the address may be pulled from.

    `may_be_here` is for tests and demonstrations, whose cameras run on this machine: it lifts what holds for loopback
    and this machine's own addresses, and nothing else.
    """
    address = _unmapped(address)
    is_here = address.is_loopback or _is_own(address)
    if may_be_here and is_here:
        return
    if any(address in network for network in _NEVER):
        raise AddressRefused("forbidden", "This address is of a kind that is never pulled from.")
    if is_here:
        raise AddressRefused("own", "This address is the server's own.")
    if not any(_allows(network, address) for network in allowed):
        raise AddressRefused("not_allowed", "This address is in no network that the force allows.")


async def resolve_target(
    source: PullAddress,
    allowed: Sequence[Network],
    *,
    resolver: Resolver | None = None,
    may_be_here: bool = False,
) -> PullTarget:
    """Look the host up, once, and return its first address that may be pulled from; raises `AddressRefused`."""
    try:
        async with asyncio.timeout(RESOLVING_SECONDS):
            texts = await (resolver or _resolve)(source.host)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise AddressRefused("unresolved", "This name is not known.") from error
    refusal = AddressRefused("unresolved", "This name is not known.")
    for text in texts:
        address = _unmapped(ipaddress.ip_address(text))
        try:
            check_address(address, allowed, may_be_here=may_be_here)
        except AddressRefused as refused:
            refusal = refused
        else:
            return PullTarget(address, source)
    raise refusal


async def _resolve(host: str) -> list[str]:
    look_up = partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_resolving, look_up)
    return [str(sockaddr[0]) for *_, sockaddr in found]


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _malformed() -> AddressRefused:
    return AddressRefused("malformed", "An address is written as rtsp://name:554/path.")


def _unmapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (::ffff:127.0.0.1); scopes are dropped."""
    if isinstance(address, IPv4Address):
        return address
    return address.ipv4_mapped or IPv6Address(int(address))


def _allows(network: Network, address: Address) -> bool:
    """Whether a network that a force allows has the address, and is as narrow as the address asks."""
    if address not in network:
        return False
    inside = next((space for space in _INSIDE if address in space), None)
    return inside is None or _is_part(network, inside)


def _is_part(network: Network, space: Network) -> bool:
    """Whether a network lies within a space of the same kind of addresses."""
    return network.network_address in space and network.prefixlen >= space.prefixlen


def _is_own(address: Address) -> bool:
    """Whether the address is one of this machine's: only to such a one can a socket be bound."""
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(address), 0))
        except OSError:
            return False
    return True
