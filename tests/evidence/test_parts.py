"""Erasure and export reach every model that has to do with a session."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db.models import Model

from evidence import parts
from evidence.models import SessionErasure
from evidence.parts import Part, find_ended_sessions, register_part, register_sessions, registered_parts
from tests.evidence.conftest import ENDED

# Evidence's own: erased item by item, or left behind by an erasure.
OWN = {"evidence.item", "evidence.sessionerasure"}


def models_of_sessions() -> Iterator[type[Model]]:
    """Every model that is a session or refers to one."""
    for model in apps.get_models():
        if model._meta.app_label in ("consultations", "drones", "streams", "evidence", "forces"):
            columns = {field.attname for field in model._meta.concrete_fields}
            if "session_id" in columns or model._meta.object_name == "LiveSession":
                yield model


def test_every_model_with_a_session_has_a_part() -> None:
    found = {model._meta.label_lower for model in models_of_sessions()}

    assert len(found) > len(OWN)
    assert found - OWN == {part.kind for part in registered_parts()}


def test_kind_cannot_be_registered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_parts", {})
    part = Part("streams.position", erase=lambda session_id, now: 0, export=lambda session_id: [])
    register_part(part)

    with pytest.raises(ValueError, match="twice"):
        register_part(part)


def test_sessions_of_all_apps_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, yours = uuid4(), uuid4()
    monkeypatch.setattr(parts, "_sources", [])
    register_sessions(lambda before, limit: [mine])
    register_sessions(lambda before, limit: [yours])

    assert find_ended_sessions(ENDED, 10) == [mine, yours]


def test_export_names_every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(session_id: UUID) -> list[dict[str, Any]]:
        return [{"session_id": str(session_id)}]

    monkeypatch.setattr(parts, "_parts", {})
    register_part(Part("streams.position", erase=lambda session_id, now: 0, export=rows))
    session_id = uuid4()

    assert parts.export_session(session_id) == {"streams.position": [{"session_id": str(session_id)}]}


@pytest.mark.usefixtures("in_herts")
def test_erased_session_is_not_found_again() -> None:
    SessionErasure.objects.create(session_id=uuid4(), reason="x", counts={}, erased_at=ENDED - timedelta(days=1))

    assert not set(find_ended_sessions(ENDED, 10)) & set(SessionErasure.objects.values_list("pk", flat=True))
