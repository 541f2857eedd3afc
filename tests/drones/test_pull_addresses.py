"""Addresses that cameras are pulled from: what is refused whatever a force allows, and what only where it allows it."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Sequence
from urllib.parse import quote

import pytest

from drones.ingest.addresses import (
    AddressRefused,
    PullAddress,
    PullTarget,
    Resolver,
    check_address,
    read_networks,
    read_url,
    resolve_target,
)

EVERYWHERE = read_networks(["0.0.0.0/0", "::/0"])
CAMERAS = read_networks(["10.20.0.0/16", "fd12:3456::/32", "203.0.113.0/24"])


def answering(*answers: Sequence[str]) -> Resolver:
    """A resolver that gives each of these answers once, in order, and then fails."""
    left = list(answers)

    async def resolve(host: str) -> Sequence[str]:
        return left.pop(0)

    return resolve


async def resolved(
    url: str, resolver: Resolver | None = None, allowed: Sequence[str] = ("10.20.0.0/16",)
) -> PullTarget:
    return await resolve_target(read_url(url), read_networks(allowed), resolver=resolver)


def reason_of(address: str, allowed: str | None = None) -> str:
    networks = EVERYWHERE if allowed is None else read_networks([allowed])
    with pytest.raises(AddressRefused) as refusal:
        check_address(ipaddress.ip_address(address), networks)
    return refusal.value.reason


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.0.0.2",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",  # metadata of most clouds
        "169.254.1.1",
        "100.100.100.200",  # metadata of Alibaba's
        "168.63.129.16",  # Azure's own
        "192.0.0.192",  # metadata of Oracle's
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fe80::1%2",
        "ff02::1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "2001:0:7f00:1::",  # Teredo
        "fd00:ec2::254",  # metadata of Amazon's
    ],
)
def test_address_of_this_machine_link_or_cloud_is_forbidden_whatever_a_force_allows(address: str) -> None:
    assert reason_of(address) == "forbidden"
    if "%" not in address and address not in {"::ffff:127.0.0.1", "::ffff:169.254.169.254"}:
        assert reason_of(address, address) == "forbidden"


@pytest.mark.parametrize(
    "address", ["10.0.0.5", "172.16.0.1", "172.31.255.254", "192.168.1.10", "100.64.0.1", "198.18.0.1", "fd12::1"]
)
def test_inside_address_is_reached_only_by_a_network_that_lies_inside(address: str) -> None:
    assert reason_of(address) == "not_allowed"
    check_address(ipaddress.ip_address(address), read_networks([address]))


@pytest.mark.parametrize("address", ["10.21.0.1", "203.0.114.1", "8.8.8.8", "fd12:3457::1", "2a00:1450::1"])
def test_address_outside_of_the_force_s_networks_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused) as refusal:
        check_address(ipaddress.ip_address(address), CAMERAS)

    assert refusal.value.reason == "not_allowed"


@pytest.mark.parametrize("address", ["10.20.0.1", "10.20.255.254", "203.0.113.9", "fd12:3456::1", "::ffff:10.20.0.1"])
def test_address_in_the_force_s_networks_is_allowed(address: str) -> None:
    check_address(ipaddress.ip_address(address), CAMERAS)


def test_force_that_allows_nothing_reaches_nothing() -> None:
    with pytest.raises(AddressRefused) as refusal:
        check_address(ipaddress.ip_address("203.0.113.9"), ())

    assert refusal.value.reason == "not_allowed"


def test_own_address_of_this_machine_is_refused_although_its_network_is_allowed() -> None:
    own = ipaddress.ip_address(_own_address())

    with pytest.raises(AddressRefused) as refusal:
        check_address(own, read_networks([str(own)]))

    assert refusal.value.reason == ("forbidden" if own.is_loopback else "own")


def test_camera_on_this_machine_is_allowed_to_tests_and_demonstrations_alone() -> None:
    check_address(ipaddress.ip_address("127.0.0.1"), (), may_be_here=True)

    with pytest.raises(AddressRefused):
        check_address(ipaddress.ip_address("169.254.169.254"), EVERYWHERE, may_be_here=True)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "rtsp://",
        "rtsp:///stream",
        "http://10.20.0.1/stream",
        "rtsps://10.20.0.1/stream",
        "file:///etc/passwd",
        "rtsp://10.20.0.1:0/",
        "rtsp://10.20.0.1:65536/",
        "rtsp://10.20.0.1:x/",
        "rtsp://10.20.0.1/a b",
        "rtsp://10.20.0.1/\r\nPLAY rtsp://x",
        "rtsp://10.20.0.1/#part",
        "rtsp://10.20.0.1\\@127.0.0.1/",
        "rtsp://[::1",
        "rtsp://[fe80::1%25eth0]/",
        "rtsp://caméra.example/",
        "rtsp://10.20.0.1/" + "x" * 500,
    ],
)
def test_what_is_no_rtsp_address_is_malformed(url: str) -> None:
    with pytest.raises(AddressRefused) as refusal:
        read_url(url)

    assert refusal.value.reason == "malformed"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("rtsp://camera.example", PullAddress("camera.example", 554, "/")),
        ("rtsp://10.20.0.1:8554/live?channel=1", PullAddress("10.20.0.1", 8554, "/live?channel=1")),
        ("rtsp://[fd12:3456::1]:554/", PullAddress("fd12:3456::1", 554, "/")),
        (
            f"rtsp://pilot:{quote('p@ss:/', safe='')}@10.20.0.1/a",
            PullAddress("10.20.0.1", 554, "/a", "pilot", "p@ss:/"),
        ),
    ],
)
def test_rtsp_address_is_read(url: str, address: PullAddress) -> None:
    assert read_url(url) == address


def test_password_of_a_camera_is_in_no_trace() -> None:
    assert "s3cret" not in repr(read_url("rtsp://pilot:s3cret@10.20.0.1/"))


@pytest.mark.parametrize("text", ["10.20.0.1/16", "cameras", "10.20.0.0/33", ""])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused) as refusal:
        read_networks([text])

    assert refusal.value.reason == "malformed"


async def test_name_is_looked_up_once_and_what_it_answers_later_is_of_no_use() -> None:
    resolver = answering(["10.20.0.7"], ["127.0.0.1"])

    target = await resolved("rtsp://rebinding.example/", resolver)

    assert str(target.address) == "10.20.0.7"


async def test_name_that_answers_with_a_forbidden_address_is_refused() -> None:
    with pytest.raises(AddressRefused) as refusal:
        await resolved("rtsp://rebinding.example/", answering(["127.0.0.1"]))

    assert refusal.value.reason == "forbidden"


async def test_name_with_several_addresses_leads_to_the_first_that_is_allowed() -> None:
    target = await resolved("rtsp://many.example/", answering(["::1", "10.9.0.1", "10.20.0.8", "10.20.0.9"]))

    assert str(target.address) == "10.20.0.8"


async def test_mapped_address_is_connected_to_as_what_it_stands_for() -> None:
    target = await resolved("rtsp://mapped.example/", answering(["::ffff:10.20.0.8"]))

    assert str(target.address) == "10.20.0.8"


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "0"])
async def test_other_spellings_of_loopback_are_refused(host: str) -> None:
    with pytest.raises(AddressRefused) as refusal:
        await resolved(f"rtsp://{host}/", allowed=("0.0.0.0/0", "::/0"))

    assert refusal.value.reason in {"forbidden", "unresolved"}


async def test_name_that_nobody_knows_is_unresolved() -> None:
    async def unknown(host: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(AddressRefused) as refusal:
        await resolved("rtsp://nowhere.example/", unknown)

    assert refusal.value.reason == "unresolved"


async def test_name_server_that_hangs_is_waited_for_no_longer_than_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drones.ingest.addresses.RESOLVING_SECONDS", 0.05)

    async def hanging(host: str) -> Sequence[str]:
        await asyncio.sleep(60)
        return ["10.20.0.1"]

    with pytest.raises(AddressRefused) as refusal:
        await resolved("rtsp://hanging.example/", hanging)

    assert refusal.value.reason == "unresolved"


async def test_name_servers_that_hang_take_no_thread_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drones.ingest.addresses.RESOLVING_SECONDS", 0.05)
    may_answer = threading.Event()

    def hanging(*words: object, **named: object) -> list[object]:
        may_answer.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    try:
        tries = (resolved(f"rtsp://hanging-{number}.example/") for number in range(50))
        refusals = await asyncio.gather(*tries, return_exceptions=True)
        assert await asyncio.wait_for(asyncio.to_thread(lambda: "free"), 2) == "free"
    finally:
        may_answer.set()

    assert {str(getattr(refusal, "reason", refusal)) for refusal in refusals} == {"unresolved"}


def _own_address() -> str:
    """An address of this machine that packets to elsewhere would leave from; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
