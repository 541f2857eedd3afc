"""Items as the REST API shows them: metadata and hashes; the bytes come from the files' own addresses."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.models import Hold, Item, ItemFile, SequencePicture


class ItemFileSerializer(serializers.ModelSerializer[ItemFile]):
    """One stored file; `sha256` in hex."""

    class Meta:
        model = ItemFile
        fields = ["role", "name", "sha256", "bytes", "media_type"]


class HoldSerializer(serializers.ModelSerializer[Hold]):
    """The hold in force."""

    class Meta:
        model = Hold
        fields = ["id", "reason", "placed_by_name", "placed_at"]


class CastSerializer(serializers.Serializer[Any]):
    """Whose picture and sound are in the film of a call; of who was left out it says the role alone.

    `name` is for those who may look at the film.
    """

    name = serializers.CharField(allow_blank=True)
    role = serializers.CharField()
    # A field of the cast's own name, which is an attribute of serializers, too.
    source = serializers.CharField(help_text="camera or screen")  # type: ignore[assignment]
    is_left_out = serializers.BooleanField()
    times = serializers.ListField(child=serializers.DictField(), help_text="[{from, to}]: when it was recorded")


class SegmentSerializer(serializers.Serializer[Any]):
    """Where a stretch of the session lies in the playable file."""

    started_at = serializers.DateTimeField()
    offset_ms = serializers.IntegerField()
    duration_ms = serializers.IntegerField()
    part = serializers.IntegerField(required=False, help_text="Of a call: which part of its recording this is of.")


class SequencePictureSerializer(serializers.ModelSerializer[SequencePicture]):
    """One picture of a sequence; `sha256` in hex is the phone's own, found to be true on arrival."""

    class Meta:
        model = SequencePicture
        fields = ["received_at", "taken_at", "sha256", "bytes", "width", "height", "position"]


class ItemSerializer(serializers.ModelSerializer[Item]):
    """An item's metadata. `hold` is the one in force; `erase_due_at` does not count while it is."""

    category = serializers.CharField(source="category.code", read_only=True)
    files = ItemFileSerializer(many=True, read_only=True)
    gaps = serializers.JSONField(read_only=True)
    segments = SegmentSerializer(many=True, read_only=True)
    cast = serializers.SerializerMethodField()
    picture_count = serializers.IntegerField(read_only=True, help_text="Of a sequence; of others 0.")
    hold = serializers.SerializerMethodField()

    class Meta:
        model = Item
        fields = [
            "id",
            "session_id",
            "stream_id",
            "incident_reference",
            "kind",
            "category",
            "state",
            "started_at",
            "ended_at",
            "sealed_at",
            "duration_ms",
            "is_complete",
            "gaps",
            "segments",
            "cast",
            "replaces",
            "picture_count",
            "erase_due_at",
            "erased_at",
            "erase_reason",
            "failure_reason",
            "files",
            "hold",
        ]
        read_only_fields = fields

    @extend_schema_field(CastSerializer(many=True))
    def get_cast(self, item: Item) -> list[dict[str, Any]]:
        """Return who is in the film of a call; names only to whoever may see them in it."""
        has_names = bool(self.context.get("has_names"))
        return [_cast_row(row, has_names=has_names) for row in item.cast]

    @extend_schema_field(HoldSerializer(allow_null=True))
    def get_hold(self, item: Item) -> dict[str, Any] | None:
        """Return the hold in force, from the holds fetched with the item."""
        hold = next((hold for hold in item.holds.all() if hold.released_at is None), None)
        return dict(HoldSerializer(hold).data) if hold else None


class ItemDetailSerializer(ItemSerializer):
    """One item's metadata, of a sequence with every picture in it, in the order in which they came."""

    pictures = SequencePictureSerializer(many=True, read_only=True)

    class Meta(ItemSerializer.Meta):
        fields = [*ItemSerializer.Meta.fields, "pictures"]
        read_only_fields = fields


class PlaceHoldSerializer(serializers.Serializer[Any]):
    """Why an item must be kept."""

    reason = serializers.CharField(max_length=500)


class HoldPlacedSerializer(serializers.Serializer[Any]):
    """The id of the new hold."""

    id = serializers.UUIDField()


class ItemPageSerializer(serializers.Serializer[Any]):
    """One page of items; `next` and `previous` are addresses."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ItemSerializer(many=True)


def _cast_row(row: dict[str, Any], *, has_names: bool) -> dict[str, Any]:
    return {
        "name": row.get("name", "") if has_names else "",
        "role": row.get("role", ""),
        "source": row.get("source", "camera"),
        "is_left_out": bool(row.get("is_left_out")),
        "times": [{"from": one["from"], "to": one["to"]} for one in row.get("segments", [])],
    }
