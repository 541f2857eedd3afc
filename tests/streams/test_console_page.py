"""What a console is told beside the sessions."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from forces.context import Unit
from forces.errors import NotPermitted
from streams.models import RoomPolicy
from streams.services.console_page import view_beside
from tests.factories.streams import NOW, person


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_role_outside_of_the_control_room_looks_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        view_beside(actor=person(role), now=NOW)


def test_console_is_told_the_forces_limit_of_a_pictures_delay(in_herts: Unit) -> None:
    assert view_beside(actor=person(), now=NOW)["late_picture_ms"] == 2_000

    RoomPolicy.objects.update(late_picture_ms=800)

    assert view_beside(actor=person(), now=NOW)["late_picture_ms"] == 800


@pytest.mark.parametrize("limit", [299, 60_001])
def test_limit_that_is_none_is_refused_by_the_database(in_herts: Unit, limit: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomPolicy.objects.update(late_picture_ms=limit)
