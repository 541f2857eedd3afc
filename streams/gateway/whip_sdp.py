"""What WHIP (RFC 9725) wants of SDP: offers that can be published, and fragments that carry candidates (RFC 8840).

Texts in, texts out: nothing here is sent anywhere. `SdpMalformed` and `SdpUnfit` say why, for whoever made the text.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from streams.gateway.interface import Candidate

_LINE = re.compile(r"[a-z]=[^\r\0]*")
_MEDIA = re.compile(r"(m=\w+ )(\d{1,5})( \S+(?: \S+)+)")
_CANDIDATE = re.compile(r"candidate:\S{1,64} \d{1,5} (\S+) \d{1,10} (\S+) \d{1,5} typ \S+.*", re.IGNORECASE)
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PWD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_ORIGIN = re.compile(r"(o=\S+ \d+ )(\d+)( .*)")
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_SETUPS = ("actpass", "active", "passive")
# What is said of the ICE session as a whole, and must be the same in offer, answer and fragments (RFC 9725, 4.3.3).
_ICE_WORDS = ("ice-lite", "ice-options", "ice-pacing")
MOST_CANDIDATES = 64


class SdpMalformed(ValueError):
    """The text is no SDP, or no fragment of one."""


class SdpUnfit(ValueError):
    """The text is an offer, but none that can be published by WHIP here."""


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one m= section, that line first, or of what stands before the first one."""

    lines: tuple[str, ...]

    def value(self, name: str) -> str | None:
        """Return what an attribute says, "" for a flag, None where it is absent."""
        for line in self.lines:
            key, _, value = line.removeprefix("a=").partition(":")
            if line.startswith("a=") and key == name:
                return value
        return None

    @property
    def medium(self) -> str:
        """audio or video."""
        return self.lines[0].removeprefix("m=").split(" ")[0]


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a PATCH carries: credentials, candidates with the mid of their section, whether they are all."""

    ufrag: str
    pwd: str
    candidates: tuple[tuple[str | None, str], ...]
    is_end: bool

    def restarts(self, offer: str) -> bool:
        """Whether it has other credentials than the offer that stands."""
        return bool(self.ufrag) and (self.ufrag, self.pwd) != credentials(offer)


def check_offer(sdp: str) -> None:
    """Raise `SdpMalformed`, or `SdpUnfit` for what is no single stream of at most one picture and one sound."""
    head, media = _sections(sdp)
    if [line[:2] for line in head.lines[:3]] != ["v=", "o=", "s="] or head.lines[0] != "v=0":
        raise SdpMalformed("An SDP begins with v=0, o= and s=.")
    if not media:
        raise SdpUnfit("The offer has no picture and no sound.")
    for section in media:
        _check_section(head, section)
    kinds = [section.medium for section in media]
    if kinds.count("video") != 1 or kinds.count("audio") > 1:
        raise SdpUnfit("One picture, and at most one sound, can be sent.")
    if len(_streams_of(media)) > 1:
        raise SdpUnfit("Picture and sound are of one media stream.")
    _check_bundle(head, media)


def is_partial(answer: str) -> bool:
    """Whether the media server turned down any part of what was offered."""
    _, media = _sections(answer)
    return any(section.lines[0].split()[1] == "0" or "a=inactive" in section.lines for section in media)


def with_mux_only(answer: str) -> str:
    """The answer with `rtcp-mux-only` in each section, as RFC 9725, 4.4.1 has it."""
    result: list[str] = []
    for line in _lines(answer):
        if line != "a=rtcp-mux-only":
            result.append(line)
        if line == "a=rtcp-mux":
            result.append("a=rtcp-mux-only")
    return _text(result)


def without_candidates(sdp: str) -> str:
    """The offer as it is kept: addresses of its sender are nobody's business later."""
    return _text([_without_address(line) for line in _lines(sdp) if not _is_candidates(line)])


def credentials(sdp: str) -> tuple[str, str]:
    """Return ufrag and password of the section that carries the ICE session; empty where there are none."""
    head, media = _sections(sdp)
    first = media[0] if media else head
    found = (first.value(name) or head.value(name) or "" for name in ("ice-ufrag", "ice-pwd"))
    return next(found), next(found)


def read_fragment(text: str) -> Fragment:
    """Read the body of a PATCH. Raises `SdpMalformed`."""
    head, media = _sections(text)
    candidates: list[tuple[str | None, str]] = []
    for section in (head, *media):
        mid = section.value("mid")
        for line in section.lines:
            if line.startswith("a=candidate:"):
                candidates.append((mid, _checked_candidate(line.removeprefix("a="))))
    ufrag, pwd = credentials(text)
    if bool(ufrag) != bool(pwd) or (ufrag and not _are_credentials(ufrag, pwd)):
        raise SdpMalformed("ice-ufrag and ice-pwd come together.")
    is_end = any("a=end-of-candidates" in section.lines for section in (head, *media))
    if not (candidates or is_end or ufrag):
        raise SdpMalformed("The fragment says nothing of ICE.")
    if len(candidates) > MOST_CANDIDATES:
        raise SdpMalformed("That many candidates are nobody's.")
    return Fragment(ufrag, pwd, tuple(candidates), is_end)


def usable_candidates(fragment: Fragment, offer: str) -> list[Candidate]:
    """Return the candidates that the media server can use; those of other transports, and names, are left out.

    Raises `SdpMalformed` for one of a section that was not offered.
    """
    mids = [section.value("mid") for section in _sections(offer)[1]]
    usable = []
    for mid, text in fragment.candidates:
        if mid is not None and mid not in mids:
            raise SdpMalformed("A candidate is of a section that was not offered.")
        if _is_usable(text):
            index = mids.index(mid) if mid is not None else 0
            usable.append(Candidate(text, mid if mid is not None else mids[0], index))
    return usable


def restarted_offer(offer: str, fragment: Fragment) -> str:
    """The kept offer with the fragment's credentials: nothing else is negotiated again (RFC 9725, 4.3.3)."""
    fresh = {"a=ice-ufrag:": fragment.ufrag, "a=ice-pwd:": fragment.pwd}
    lines = []
    for line in _lines(offer):
        origin = _ORIGIN.fullmatch(line)
        name = next((name for name in fresh if line.startswith(name)), None)
        if origin:
            lines.append(f"{origin[1]}{int(origin[2]) + 1}{origin[3]}")
        else:
            lines.append(f"{name}{fresh[name]}" if name else line)
    return _text(lines)


def with_candidates(offer: str, candidates: list[Candidate]) -> str:
    """The offer with all of its candidates, in the section that carries the ICE session."""
    head, media = _sections(offer)
    said = [f"a={candidate.candidate}" for candidate in candidates]
    first = [*media[0].lines, *said]
    return _text([*head.lines, *first, *(line for section in media[1:] for line in section.lines)])


def answer_fragment(answer: str) -> str:
    """What of an answer a restart is answered with: credentials and candidates of the ICE session."""
    head, media = _sections(answer)
    first = media[0]
    ufrag, pwd = credentials(answer)
    words = [line for line in (*head.lines, *first.lines) if _attribute(line) in _ICE_WORDS]
    group = [line for line in head.lines if line.startswith("a=group:BUNDLE")]
    candidates = [line for line in first.lines if line.startswith("a=candidate:")]
    mid = [f"a=mid:{first.value('mid')}"] if first.value("mid") is not None else []
    said = [f"a=ice-ufrag:{ufrag}", f"a=ice-pwd:{pwd}", *candidates, "a=end-of-candidates"]
    return _text([*dict.fromkeys(words), *group, first.lines[0], *mid, *said])


def _sections(sdp: str) -> tuple[Section, list[Section]]:
    """Return what stands before the first m= line, and the sections. Raises `SdpMalformed`."""
    parts: list[list[str]] = [[]]
    for line in _lines(sdp):
        if not _LINE.fullmatch(line):
            raise SdpMalformed("A line is none of SDP.")
        if line.startswith("m="):
            if not _MEDIA.fullmatch(line):
                raise SdpMalformed("An m= line is malformed.")
            parts.append([])
        parts[-1].append(line)
    head, *media = (Section(tuple(part)) for part in parts)
    return head, media


def _check_section(head: Section, section: Section) -> None:
    _, port, protocol = section.lines[0].removeprefix("m=").split(" ")[:3]
    if section.medium not in ("audio", "video") or not protocol.endswith("RTP/SAVPF"):
        raise SdpUnfit("Only pictures and sound can be sent, encrypted.")
    if port == "0" and section.value("bundle-only") is None:
        raise SdpUnfit("A part of the offer is switched off.")
    directions = [name for part in (section, head) for name in _DIRECTIONS if part.value(name) is not None]
    if directions[:1] not in ([], ["sendonly"], ["sendrecv"]):
        raise SdpUnfit("WHIP sends: the offer is sendonly.")
    ufrag, pwd = (section.value(name) or head.value(name) or "" for name in ("ice-ufrag", "ice-pwd"))
    is_bundled = section.value("bundle-only") is not None
    if not is_bundled and not _are_credentials(ufrag, pwd):
        raise SdpMalformed("The offer has no ICE credentials.")
    if (section.value("fingerprint") or head.value("fingerprint")) is None and not is_bundled:
        raise SdpMalformed("The offer has no fingerprint.")
    setup = section.value("setup") or head.value("setup")
    if setup not in _SETUPS and not is_bundled:
        raise SdpUnfit("The offer does not say who begins DTLS.")


def _check_bundle(head: Section, media: list[Section]) -> None:
    mids = [section.value("mid") for section in media]
    if len(media) > 1 and not set(mids) <= set((head.value("group") or "").split(" ")):
        raise SdpUnfit("Picture and sound share one transport: the offer bundles them.")


def _streams_of(media: list[Section]) -> set[str]:
    told = (section.value("msid") for section in media)
    return {value.split(" ")[0] for value in told if value}


def _are_credentials(ufrag: str, pwd: str) -> bool:
    return bool(_UFRAG.fullmatch(ufrag) and _PWD.fullmatch(pwd))


def _checked_candidate(text: str) -> str:
    if not _CANDIDATE.fullmatch(text):
        raise SdpMalformed("A candidate is malformed.")
    return text


def _is_usable(text: str) -> bool:
    """Whether it is of UDP, at an address: a name would have to be looked up by somebody."""
    found = _CANDIDATE.fullmatch(text)
    if found is None or found[1].lower() != "udp":
        return False
    try:
        ipaddress.ip_address(found[2])
    except ValueError:
        return False
    return True


def _attribute(line: str) -> str:
    return line.removeprefix("a=").partition(":")[0] if line.startswith("a=") else ""


def _without_address(line: str) -> str:
    """A transport address as it is written before one is known."""
    media = _MEDIA.fullmatch(line)
    if media and media[2] != "0":
        return f"{media[1]}9{media[3]}"
    return "c=IN IP4 0.0.0.0" if line.startswith("c=") else line


def _is_candidates(line: str) -> bool:
    return line.startswith("a=candidate:") or line == "a=end-of-candidates"


def _lines(sdp: str) -> list[str]:
    return [line for line in sdp.replace("\r\n", "\n").split("\n") if line]


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\r\n" for line in lines)
