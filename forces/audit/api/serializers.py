"""Audit entries as auditors read them."""

from typing import Any

from rest_framework import serializers

from forces.audit.models import AuditEntry


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    """One act. `prev` and `hash` (hex) let the reader re-walk the chain without this system."""

    prev = serializers.SerializerMethodField()
    hash = serializers.SerializerMethodField()

    class Meta:
        model = AuditEntry
        fields = [
            "seq",
            "at",
            "actor_kind",
            "actor_id",
            "actor_name",
            "actor_role",
            "act",
            "operation",
            "outcome",
            "code",
            "object_type",
            "object_id",
            "session_id",
            "request_id",
            "detail",
            "prev",
            "hash",
        ]
        read_only_fields = fields

    def get_prev(self, entry: AuditEntry) -> str:
        """Return the hash of the entry before, in hex."""
        return bytes(entry.prev).hex()

    def get_hash(self, entry: AuditEntry) -> str:
        """Return the entry's own hash, in hex."""
        return bytes(entry.hash).hex()


class ChainSerializer(serializers.Serializer[Any]):
    """The outcome of a walk. `rows` counts the sound ones before the first broken one; `head` is hex."""

    ok = serializers.BooleanField()
    rows = serializers.IntegerField()
    first_broken_seq = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    head = serializers.CharField(allow_blank=True)


class EntryPageSerializer(serializers.Serializer[Any]):
    """One page of entries; `next` and `previous` are addresses."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AuditEntrySerializer(many=True)
