"""What every force starts with."""

from datetime import datetime

from evidence.models import DEFAULT_CATEGORY, RetentionCategory

_CATEGORIES = (
    (DEFAULT_CATEGORY, "Incident", 31),
    ("evidential", "Evidential", 2_192),  # six years
)


def seed_defaults(now: datetime) -> None:
    """Create the retention categories that are missing; those a force has changed stay as they are."""
    for code, label, days in _CATEGORIES:
        RetentionCategory.objects.get_or_create(code=code, defaults={"label": label, "days": days})


def category_or_default(code: str, now: datetime) -> RetentionCategory:
    """Return the category `code`, else the default one: an unknown code must not cost the recording."""
    found = RetentionCategory.objects.filter(code=code).first()
    if found is None:
        seed_defaults(now)
        found = RetentionCategory.objects.get(code=DEFAULT_CATEGORY)
    return found
