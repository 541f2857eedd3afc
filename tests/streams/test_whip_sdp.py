"""The texts of WHIP: whatever somebody sends is taken or refused in words, and never breaks what reads it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.gateway.whip_sdp import (
    Fragment,
    SdpMalformed,
    SdpUnfit,
    answer_fragment,
    check_offer,
    credentials,
    is_partial,
    read_fragment,
    restarted_offer,
    usable_candidates,
    with_candidates,
    with_mux_only,
    without_candidates,
)
from tests.drones.devices import HOST, OFFER, RESTART, answer_of, fragment

LINES = st.sampled_from(
    [*OFFER.split("\r\n"), *RESTART.split("\r\n"), "m=", "a=", "a=mid:", "a=candidate:", "m=audio 0"]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(LINES, max_size=40).map("\r\n".join))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_text_is_taken_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(SdpMalformed, SdpUnfit):
        check_offer(text)
        kept = without_candidates(text)
        assert "a=candidate:" not in kept
        check_offer(kept)
        assert credentials(kept) == credentials(text)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_fragment_is_taken_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(SdpMalformed):
        read = read_fragment(text)
        offer = restarted_offer(OFFER, read) if read.ufrag else OFFER
        check_offer(with_candidates(offer, usable_candidates(read, OFFER)))


def test_offer_is_kept_without_the_senders_addresses() -> None:
    offer = OFFER.replace("m=video 9", "m=video 33242").replace("c=IN IP4 0.0.0.0", "c=IN IP4 192.0.2.2")

    kept = without_candidates(offer.replace("a=mid:1", f"a=mid:1\r\n{HOST}\r\na=end-of-candidates"))

    assert kept == OFFER


def test_fragment_tells_a_restart_from_candidates() -> None:
    assert not read_fragment(fragment(HOST)).restarts(OFFER)
    assert not read_fragment(fragment(HOST, ufrag="")).restarts(OFFER)
    assert read_fragment(RESTART).restarts(OFFER)
    assert not read_fragment(RESTART).restarts(restarted_offer(OFFER, read_fragment(RESTART)))


@pytest.mark.parametrize(
    ("text", "is_usable"),
    [
        ("candidate:1 1 UDP 2122260223 192.0.2.1 61764 typ host", True),
        ("candidate:1 1 udp 2122260223 2001:db8::1 61764 typ srflx raddr 192.0.2.1 rport 1", True),
        ("candidate:1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active", False),
        ("candidate:1 1 udp 2122260223 printer.local 61764 typ host", False),
        ("candidate:1 1 udp 2122260223 metadata.internal 80 typ host", False),
    ],
)
def test_candidate_is_of_udp_and_at_an_address(text: str, is_usable: bool) -> None:
    found = usable_candidates(Fragment("", "", ((None, text),), is_end=False), OFFER)

    assert [(one.candidate, one.sdp_mid, one.sdp_mline_index) for one in found] == [(text, "0", 0)] * is_usable


@pytest.mark.parametrize("line", ["m=audio 0 UDP/TLS/RTP/SAVPF 111", "m=video 0 UDP/TLS/RTP/SAVPF 96"])
def test_answer_that_turns_a_part_down_is_partial(line: str) -> None:
    assert not is_partial(answer_of())
    assert is_partial(answer_of().replace(line.replace(" 0 ", " 9 "), line))
    assert is_partial(answer_of().replace("a=recvonly", "a=inactive", 1))


def test_mux_only_is_said_once_in_each_section_however_often_it_is_asked() -> None:
    once = with_mux_only(answer_of())

    assert once.count("a=rtcp-mux\r\na=rtcp-mux-only\r\n") == 2
    assert with_mux_only(once) == once


def test_answer_of_a_restart_has_the_words_of_the_media_server_and_no_codec() -> None:
    lite = answer_of().replace("a=group", "a=ice-lite\r\na=group")

    said = answer_fragment(lite).split("\r\n")

    assert said[:5] == [
        "a=ice-lite",
        "a=ice-options:trickle",
        "a=group:BUNDLE 0 1",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "a=mid:0",
    ]
    assert said.count("a=end-of-candidates") == 1
    assert not [line for line in said if line.startswith(("a=rtpmap", "a=fingerprint", "a=setup"))]
