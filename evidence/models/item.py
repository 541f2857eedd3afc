"""An item is one sealed thing (recording, still, upload, sequence): files, retention category and who looked at it."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from forces.errors import InvalidTransition

DEFAULT_CATEGORY = "incident"
"""Code of the category of anything nobody has put into another."""


class RetentionCategory(models.Model):
    """How long items of one kind of use are kept. Days count from the end of the recording."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=120)
    days = models.PositiveIntegerField(default=31, help_text="Days from the end of the recording to erasure.")

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "retention categories"
        constraints = [models.CheckConstraint(condition=Q(days__gte=1), name="category_days_positive")]

    def __str__(self) -> str:
        return f"{self.label} ({self.days} days)"

    def due_from(self, ended_at: datetime) -> datetime:
        """The moment from which something that ended at `ended_at` is due for erasure."""
        return ended_at + timedelta(days=self.days)


class ItemKind(models.TextChoices):
    """What was sealed."""

    RECORDING = "recording"
    STILL = "still"
    UPLOAD = "upload"
    SEQUENCE = "sequence"
    CALL = "call"


RECORDED = (ItemKind.RECORDING.value, ItemKind.CALL.value)
"""What the media server wrote down, in files of its own."""


class ItemState(models.TextChoices):
    """Where an item stands. `erasing` is the intent of an erasure whose files may be half gone."""

    SEALING = "sealing"
    SEALED = "sealed"
    FAILED = "failed"
    ERASING = "erasing"
    ERASED = "erased"


class Item(models.Model):
    """One sealed recording, one call of several people, one picture or film of a phone's, or one sequence of pictures.

    Times are UTC; `erase_due_at` is known from the first moment on. A sequence takes pictures until its first attempt
    at sealing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session_id = models.UUIDField(db_index=True)
    stream_id = models.UUIDField(null=True, blank=True, help_text="Of a recording, and the first feed of a call.")
    later_stream_ids = models.JSONField(
        default=list,
        blank=True,
        help_text="Of a recording: the streams that are joined to its first one, in order. Of a call: its other feeds.",
    )
    cast = models.JSONField(
        default=list,
        blank=True,
        help_text="Of a call: {feed_id, name, role, source, segments} of each feed, as people stand.",
    )
    replaces = models.UUIDField(
        null=True, blank=True, help_text="Of a call that was composed anew: the item of which it leaves somebody out."
    )
    incident_reference = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=ItemKind.choices, default=ItemKind.RECORDING)
    category = models.ForeignKey(RetentionCategory, on_delete=models.PROTECT, related_name="items")
    state = models.CharField(max_length=16, choices=ItemState.choices, default=ItemState.SEALING)
    source_directory = models.CharField(
        max_length=255,
        blank=True,
        default="",
        help_text="Of a recording: relative to the gateway's recordings. Of a sequence: where its pictures wait.",
    )
    file_name = models.CharField(max_length=150, blank=True, default="", help_text="What the phone called it.")
    sent_sha256 = models.CharField(max_length=64, blank=True, default="", help_text="The phone's own hash, hex.")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)
    duration_ms = models.PositiveBigIntegerField(null=True, blank=True)
    is_complete = models.BooleanField()
    gaps = models.JSONField(default=list, blank=True)
    segments = models.JSONField(default=list, blank=True)
    erase_due_at = models.DateTimeField(db_index=True)
    erasing_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    erase_reason = models.CharField(max_length=200, blank=True, default="")
    failure_reason = models.CharField(max_length=200, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stream_id"],
                condition=Q(kind__in=RECORDED, replaces__isnull=True),
                name="item_one_recording_per_stream",
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=~Q(state="failed"), name="item_replaced_by_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="item_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="item_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=RECORDED) | Q(stream_id__isnull=False), name="item_recording_has_stream"
            ),
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="item_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(state="sealed")
                | (Q(sealed_at__isnull=False) & (~Q(kind__in=RECORDED) | Q(duration_ms__isnull=False))),
                name="item_sealed_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state="sealing") | Q(next_attempt_at__isnull=False), name="item_sealing_is_due"
            ),
            models.CheckConstraint(
                condition=Q(state="erased", erased_at__isnull=False) | (~Q(state="erased") & Q(erased_at__isnull=True)),
                name="item_erased_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="sealing"), name="item_seal_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.incident_reference}"

    @property
    def stream_ids(self) -> tuple[uuid.UUID, ...]:
        """The streams that it was recorded from, in their order; none of what is no recording."""
        first = [] if self.stream_id is None else [self.stream_id]
        return (*first, *map(uuid.UUID, self.later_stream_ids))

    def take_picture(self, now: datetime, due_at: datetime, erase_due_at: datetime) -> None:
        """One more picture came into a sequence, which is sealed at `due_at` unless another one follows."""
        self._require(ItemState.SEALING)
        if self.attempts:
            raise InvalidTransition("A sequence that is being sealed takes no picture.")
        self.ended_at = max(self.ended_at, now)
        self.next_attempt_at, self.erase_due_at = due_at, erase_due_at

    def claim(self, now: datetime, lease: timedelta) -> int:
        """Take the next attempt at sealing until `now + lease`; the number of the attempt is its token."""
        self._require(ItemState.SEALING)
        self.attempts += 1
        self.next_attempt_at = now + lease
        return self.attempts

    def seal(self, now: datetime, duration_ms: int | None, segments: list[dict[str, object]]) -> None:
        """All files are stored and hashed: the item is whole from `now` on."""
        self._require(ItemState.SEALING)
        self.state, self.sealed_at, self.duration_ms = ItemState.SEALED, now, duration_ms
        self.segments, self.next_attempt_at, self.failure_reason = segments, None, ""

    def postpone(self, reason: str, until: datetime) -> None:
        """An attempt failed; the sweep finds the item again at `until`."""
        self._require(ItemState.SEALING)
        self.failure_reason, self.next_attempt_at = reason[:200], until

    def fail(self, reason: str) -> None:
        """No attempt is left. What originals there are stay, and stay hashed."""
        self._require(ItemState.SEALING)
        self.state, self.failure_reason, self.next_attempt_at = ItemState.FAILED, reason[:200], None

    def make_due(self, now: datetime, reason: str) -> None:
        """Another item stands in its place: it is due from `now` on, whatever its category's period is."""
        self._require(ItemState.SEALED, ItemState.FAILED)
        self.erase_due_at, self.erase_reason = min(now, self.erase_due_at), reason[:200]

    def begin_erasure(self, now: datetime, reason: str) -> None:
        """Write the intent to erase. Repeating it keeps the first time and reason: the erasure goes on.

        The reason for which it was made due counts before `reason`.
        """
        if self.state == ItemState.ERASING:
            return
        self._require(ItemState.SEALING, ItemState.SEALED, ItemState.FAILED)
        self.state, self.erasing_at, self.erase_reason = ItemState.ERASING, now, self.erase_reason or reason[:200]
        self.next_attempt_at = None

    def finish_erasure(self, now: datetime) -> None:
        """The files are gone: clear what described their content, keep the skeleton."""
        self._require(ItemState.ERASING)
        self.state, self.erased_at = ItemState.ERASED, now
        self.gaps, self.segments, self.failure_reason, self.source_directory = [], [], "", ""
        self.file_name, self.cast = "", []

    def _require(self, *states: ItemState) -> None:
        if self.state not in states:
            raise InvalidTransition(f"An item that is {self.state} cannot do this.")


class FileRole(models.TextChoices):
    """What a stored file is for: originals are evidence, the others are made from them."""

    ORIGINAL = "original"
    PLAYABLE = "playable"
    PICTURE = "picture"
    POSTER = "poster"
    THUMBNAIL = "thumbnail"


class ItemFile(models.Model):
    """One stored file: `name` is relative to the item's directory, `bytes` its size."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="files")
    role = models.CharField(max_length=16, choices=FileRole.choices)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=80)

    class Meta:
        ordering = ["role", "name"]
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="file_name_once_per_item"),
            models.UniqueConstraint(
                fields=["item", "role"], condition=Q(role__in=["playable", "picture", "poster"]), name="file_role_once"
            ),
            models.CheckConstraint(condition=Q(role__in=FileRole.values), name="file_role_known"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_sha256_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.name}"


class Viewing(models.Model):
    """One audited look at one file by one user; further requests of the same player join it for a minute."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="viewings")
    user_id = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["item", "user_id", "-started_at"], name="viewing_recent")]

    def __str__(self) -> str:
        return f"viewing of {self.item_id} by {self.user_id}"
