"""Content types are cached per process, their ids differ per schema: the cache must not mix forces."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from forces.accounts.models import User
from forces.context import ForceRef, in_force


def _content_type_id() -> int:
    return ContentType.objects.get_for_model(User).pk


def test_content_type_of_one_force_is_not_anothers(copy_db: str, herts: ForceRef, beds: ForceRef) -> None:
    before = in_force(herts, _content_type_id)

    def renumber_beds() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM auth_permission")
            cursor.execute("UPDATE django_content_type SET id = id + 1000")

    in_force(beds, renumber_beds)
    in_force(beds, ContentType.objects.clear_cache)
    assert in_force(beds, _content_type_id) > 1000
    assert in_force(herts, _content_type_id) == before


def test_clearing_one_forces_cache_leaves_the_others(herts: ForceRef, beds: ForceRef) -> None:
    in_force(herts, _content_type_id)
    in_force(beds, ContentType.objects.clear_cache)
    cache = ContentType.objects._cache  # type: ignore[attr-defined]
    assert cache._by_schema["herts"]
    assert not cache._by_schema["beds"]
