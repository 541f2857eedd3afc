"""The audit of one force: append-only, hash-chained by Postgres, guarded by triggers (see the first migration)."""

from django.db import models


class Operation(models.TextChoices):
    """The kinds of processing that DPA 2018 s.62 wants logged, and ``access`` for sign-in and the like."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    ACCESS = "access"


class Outcome(models.TextChoices):
    """Whether the act was done or refused."""

    DONE = "done"
    REFUSED = "refused"


class AuditEntry(models.Model):
    """One act. ``seq``, ``at``, ``prev`` and ``hash`` are written by the database, whatever the client sends."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=150, blank=True)
    actor_role = models.CharField(max_length=32, blank=True)
    act = models.CharField(max_length=64)
    operation = models.CharField(max_length=16, choices=Operation)
    outcome = models.CharField(max_length=8, choices=Outcome)
    code = models.CharField(max_length=64, blank=True)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    session_id = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        """Indexed for the auditors' filters; never managed beyond insert and select."""

        db_table = "audit_entry"
        ordering = ("seq",)
        default_permissions = ("view",)
        indexes = (
            models.Index(fields=("at",), name="audit_at"),
            models.Index(fields=("actor_id", "seq"), name="audit_actor"),
            models.Index(fields=("object_id", "seq"), name="audit_object"),
            models.Index(fields=("session_id", "seq"), name="audit_session"),
            models.Index(fields=("act", "seq"), name="audit_act"),
        )

    def __str__(self) -> str:
        """Return ``seq act`` for lists."""
        return f"{self.seq} {self.act}"
