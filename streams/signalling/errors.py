"""The media server's failures as domain errors: stable codes outside, the vendor's words in the log only."""

from __future__ import annotations

import logging

from forces.errors import DomainError
from streams.gateway.interface import CodecRefused, GatewayError, HandleGone, NoSuchFeed, NoSuchRoom

log = logging.getLogger(__name__)


class MediaUnavailable(DomainError):
    """The media server cannot be reached, or refused (HTTP 503)."""

    code = "media_unavailable"
    http_status = 503
    message = "The picture cannot be connected now. Try again in a moment."


class CodecMissing(DomainError):
    """The two sides share no video codec (HTTP 409)."""

    code = "codec_refused"
    http_status = 409
    message = "This device and the other side share no video format."


class PictureMissing(DomainError):
    """Nobody publishes that stream at the media server now (HTTP 409)."""

    code = "stream_not_ready"
    http_status = 409
    message = "The picture has not arrived yet."


def as_domain_error(error: GatewayError) -> DomainError:
    """Return what is said of a gateway's failure; the vendor's words go to the log."""
    log.warning("media server: %s: %s", type(error).__name__, error)
    if isinstance(error, CodecRefused):
        return CodecMissing()
    if isinstance(error, NoSuchFeed | NoSuchRoom | HandleGone):
        return PictureMissing()
    return MediaUnavailable()


def end_reason_of(error: GatewayError) -> str:
    """Return the `end_reason` of a stream that a gateway's failure ended."""
    return "codec_refused" if isinstance(error, CodecRefused) else "gateway_failed"
