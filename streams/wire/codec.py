"""Reading frames: text in, a typed frame or a `WireError` with a stable code out."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from streams.wire.agency import AgencyFrame
from streams.wire.caller import CallerFrame
from streams.wire.console import ConsoleFrame
from streams.wire.fields import MAX_FRAME_BYTES
from streams.wire.officer import OfficerFrame

F = TypeVar("F")


class WireError(Exception):
    """A frame that cannot be read. `code` is stable, `ref` is the frame's own where one could be read."""

    def __init__(self, code: str, message: str, ref: str | None = None) -> None:
        """`code` is one of malformed, too_large, unknown_type, invalid_field."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.ref = ref


class _Envelope(Struct, frozen=True):
    """The part of a frame that is read first, to know its kind and to answer with its `ref`."""

    type: str
    ref: Any = None


class Codec(Generic[F]):
    """Decodes the frames of one socket."""

    def __init__(self, frames: Any) -> None:
        """`frames` is the union of them, each with a `type`."""
        self._decoder: msgspec.json.Decoder[F] = msgspec.json.Decoder(frames)
        self._types = {frame.__struct_config__.tag for frame in frames.__args__}

    def decode(self, text: str) -> F:
        """Return the frame, or raise `WireError`."""
        head = _read_head(text)
        ref = head.ref if isinstance(head.ref, str) and len(head.ref) <= 64 else None
        if head.type not in self._types:
            raise WireError("unknown_type", "This socket has no frame of that type.", ref)
        try:
            return self._decoder.decode(text)
        except msgspec.DecodeError as error:
            raise WireError("invalid_field", str(error)[:300], ref) from error


def _read_head(text: str) -> _Envelope:
    """Raise `WireError` unless `text` is a JSON object with a `type` and of a bearable size."""
    if len(text) > MAX_FRAME_BYTES or len(text.encode(errors="replace")) > MAX_FRAME_BYTES:
        raise WireError("too_large", "A frame holds at most 64 KiB.")
    try:
        return _HEAD.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        raise WireError("malformed", "A frame is one JSON object with a type.") from error


_HEAD = msgspec.json.Decoder(_Envelope)
_AGENCY: Codec[AgencyFrame] = Codec(AgencyFrame)
_CALLER: Codec[CallerFrame] = Codec(CallerFrame)
_CONSOLE: Codec[ConsoleFrame] = Codec(ConsoleFrame)
_OFFICER: Codec[OfficerFrame] = Codec(OfficerFrame)


def decode_caller(text: str) -> CallerFrame:
    """Read a frame of `/ws/caller/`; raises `WireError`."""
    return _CALLER.decode(text)


def decode_console(text: str) -> ConsoleFrame:
    """Read a frame of `/ws/console/`; raises `WireError`."""
    return _CONSOLE.decode(text)


def decode_officer(text: str) -> OfficerFrame:
    """Read a frame of `/ws/officer/`; raises `WireError`."""
    return _OFFICER.decode(text)


def decode_agency(text: str) -> AgencyFrame:
    """Read a frame of `/ws/agency/`; raises `WireError`."""
    return _AGENCY.decode(text)
