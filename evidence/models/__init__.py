"""Models of sealed items. A live session is known by its UUID only: erasure must not cascade, either way."""

from evidence.models.hold import Hold
from evidence.models.item import (
    DEFAULT_CATEGORY,
    RECORDED,
    FileRole,
    Item,
    ItemFile,
    ItemKind,
    ItemState,
    RetentionCategory,
    Viewing,
)
from evidence.models.sequence import SequencePicture
from evidence.models.tombstone import SessionErasure, Tombstone

__all__ = [
    "DEFAULT_CATEGORY",
    "RECORDED",
    "FileRole",
    "Hold",
    "Item",
    "ItemFile",
    "ItemKind",
    "ItemState",
    "RetentionCategory",
    "SequencePicture",
    "SessionErasure",
    "Tombstone",
    "Viewing",
]
