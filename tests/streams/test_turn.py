"""The relay as the product configures it: Janus alone is reached through it, and only with fresh credentials."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from config.services.ports import PortBlock
from config.services.stack import Stack
from forces import clock
from streams.gateway.interface import IceServer
from streams.gateway.turn import ice_servers
from tests.streams.turn_client import GRANTED, Address, TurnClient

IPV4 = (
    "127.0.0.1",
    "169.254.169.254",
    "10.0.0.1",
    "192.168.0.1",
    "172.16.0.1",
    "0.0.0.0",
    "8.8.8.8",
    "224.0.0.1",
    "255.255.255.255",
    # Neighbours of the one address that is allowed.
    "127.0.0.3",
    "127.1.1.1",
)
IPV6 = (
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "fe80::1",
    "fd00::1",
    "::",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "ff02::1",
)
WRONG_CREDENTIALS, FORBIDDEN_PEER, NO_SUCH_FAMILY, OTHER_FAMILY = 401, 403, 440, 443


def credentials(stack: Stack, lasts: timedelta = timedelta(minutes=5), secret: str = "") -> IceServer:
    """Return what the product gives a browser; each is of another stream, for a relay counts by user."""
    secret = secret or stack.environment["SIGHTLINE_TURN_SECRET"]
    urls = stack.environment["SIGHTLINE_TURN_URLS"].split(",")
    (server,) = ice_servers(urls, secret, str(uuid4()), clock.now(), lasts)
    return server


def client(stack: Stack, server: IceServer, port: int = 0) -> TurnClient:
    """Return a client with these credentials; without a port it is the product's own relay's."""
    return TurnClient(("127.0.0.1", port or stack.installation.ports.coturn), server.username, server.credential)


@pytest.fixture
def allocated(stack: Stack) -> Iterator[TurnClient]:
    """Hold an allocation."""
    with client(stack, credentials(stack)) as relayed:
        assert relayed.allocate() == GRANTED
        yield relayed


@pytest.fixture(scope="module")
def ipv6_relay(stack: Stack) -> Iterator[int]:
    """Start a second relay with the product's configuration and an IPv6 address to relay from; yield its port.

    Without that address nobody gets as far as the rules for IPv6 peers, and they would go untested.
    """
    block = PortBlock.take()
    relay = replace(stack.installation.coturn, directory=stack.directory / "coturn6", ports=block.ports)
    relay.prepare()
    with (relay.directory / "turnserver.conf").open("a") as configuration:
        configuration.write("\nrelay-ip=::1\n")
    stack.spawn_program(relay.program())
    yield block.ports.coturn
    block.release()


@pytest.fixture
def janus_address(stack: Stack) -> Address:
    return stack.installation.janus.media_address, stack.installation.ports.rtp[0]


@pytest.mark.parametrize("peer", IPV4)
def test_client_asks_for_a_forbidden_peer_refused(allocated: TurnClient, peer: str) -> None:
    assert (allocated.permit((peer, 3478)), allocated.bind((peer, 3478))) == (FORBIDDEN_PEER, FORBIDDEN_PEER)


@pytest.mark.parametrize("peer", IPV6)
def test_client_asks_for_a_forbidden_peer_in_ipv6_clothes_refused(allocated: TurnClient, peer: str) -> None:
    assert (allocated.permit((peer, 3478)), allocated.bind((peer, 3478))) == (OTHER_FAMILY, OTHER_FAMILY)


def test_client_asks_for_an_ipv6_address_refused(stack: Stack) -> None:
    with client(stack, credentials(stack)) as stranger:
        assert stranger.allocate(is_ipv6=True) == NO_SUCH_FAMILY


@pytest.mark.parametrize("peer", [*IPV6, "::ffff:127.0.0.2"])
def test_client_of_an_ipv6_relay_asks_for_a_forbidden_peer_refused(stack: Stack, ipv6_relay: int, peer: str) -> None:
    with client(stack, credentials(stack), ipv6_relay) as relayed:
        assert relayed.allocate(is_ipv6=True) == GRANTED
        assert (relayed.permit((peer, 3478)), relayed.bind((peer, 3478))) == (FORBIDDEN_PEER, FORBIDDEN_PEER)


def test_client_with_expired_credentials_refused(stack: Stack) -> None:
    with client(stack, credentials(stack, timedelta(seconds=-1))) as stranger:
        assert stranger.allocate() == WRONG_CREDENTIALS


def test_client_who_moves_the_expiry_refused(stack: Stack) -> None:
    server = credentials(stack, timedelta(seconds=-1))
    later = f"{int((clock.now() + timedelta(hours=1)).timestamp())}:a-stream"
    with client(stack, replace(server, username=later)) as stranger:
        assert stranger.allocate() == WRONG_CREDENTIALS


@pytest.mark.parametrize("secret", ["guessed", "north"])
def test_client_with_forged_credentials_refused(stack: Stack, secret: str) -> None:
    with client(stack, credentials(stack, secret=secret)) as stranger:
        assert stranger.allocate() == WRONG_CREDENTIALS


@pytest.mark.parametrize("left_out", ["username", "credential", "both"])
def test_client_without_credentials_refused(stack: Stack, left_out: str) -> None:
    given = credentials(stack)
    username = given.username if left_out == "credential" else ""
    credential = given.credential if left_out == "username" else ""
    with client(stack, replace(given, username=username, credential=credential)) as stranger:
        assert stranger.allocate() == WRONG_CREDENTIALS


def test_client_reaches_the_media_server_and_it_alone(allocated: TurnClient, janus_address: Address) -> None:
    assert (allocated.permit(janus_address), allocated.bind(janus_address)) == (GRANTED, GRANTED)


def test_data_goes_to_the_media_servers_address_alone(
    stack: Stack, allocated: TurnClient, janus_address: Address
) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as allowed,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forbidden,
    ):
        allowed.bind((janus_address[0], 0))
        forbidden.bind(("127.0.0.1", 0))
        allowed.settimeout(5)
        forbidden.settimeout(1)
        for line in (forbidden, allowed):
            allocated.permit(line.getsockname())
            allocated.relay(b"hello", line.getsockname())

        assert allowed.recvfrom(100) == (b"hello", allocated.relayed)
        with pytest.raises(TimeoutError):
            forbidden.recv(100)
