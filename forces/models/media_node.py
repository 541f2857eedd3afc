"""The media servers that rooms are pinned to."""

from django.db import models


class MediaNode(models.Model):
    """One Janus. Its secrets are the deployment's, not the row's."""

    class State(models.TextChoices):
        """A draining node keeps its rooms and gets no new one."""

        ACTIVE = "active"
        DRAINING = "draining"
        DOWN = "down"

    name = models.SlugField(max_length=32, unique=True)
    url = models.CharField(max_length=200, help_text="Loopback WebSocket of the Janus API, ws://host:port")
    state = models.CharField(max_length=16, choices=State, default=State.ACTIVE)

    class Meta:
        """Ordered by name in lists."""

        ordering = ("name",)

    def __str__(self) -> str:
        """Return the node's name."""
        return self.name
