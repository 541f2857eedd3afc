"""What is left after an erasure: that it happened, why, and hashes. Never what was erased."""

from django.db import models


class Tombstone(models.Model):
    """One erased item. `hashes` lists {role, sha256, bytes} of each file that was erased."""

    item_id = models.UUIDField(primary_key=True)
    category_code = models.SlugField(max_length=40)
    reason = models.CharField(max_length=200)
    hashes = models.JSONField()
    erased_at = models.DateTimeField()

    class Meta:
        ordering = ["-erased_at"]

    def __str__(self) -> str:
        return f"tombstone of {self.item_id}"


class SessionErasure(models.Model):
    """One live session whose own data is erased. `counts` maps each part's kind to the rows it cleared."""

    session_id = models.UUIDField(primary_key=True)
    reason = models.CharField(max_length=200)
    counts = models.JSONField()
    erased_at = models.DateTimeField()

    class Meta:
        ordering = ["-erased_at"]

    def __str__(self) -> str:
        return f"erasure of session {self.session_id}"
