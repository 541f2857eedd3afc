"""A publication by WHIP, under an address of its own."""

from __future__ import annotations

import uuid

from django.db import models

from streams.models.stream import Stream


class WhipResource(models.Model):
    """What RFC 9725 calls a WHIP session; it is gone with its stream. The id is the random part of its address.

    `offer` is the publisher's, without addresses: a restart of ICE is negotiated by it with new credentials.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stream = models.OneToOneField(Stream, on_delete=models.CASCADE, related_name="whip")
    etag = models.CharField(max_length=64, help_text="Names the ICE session; each restart is another.")
    offer = models.TextField()

    def __str__(self) -> str:
        return f"publication of {self.stream_id}"
