"""The force admin's pages for retention."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from evidence.models import Item, RetentionCategory
from tests.evidence.conftest import ENDED, MovingClock, Recording

pytestmark = pytest.mark.usefixtures("in_herts")
MakeClient = Callable[..., Client]


def test_others_than_force_admins_open_no_page(force_client: MakeClient) -> None:
    for role in ("operator", "supervisor", "auditor", "officer"):
        assert force_client(role).get("/admin/evidence/retentioncategory/").status_code in (302, 403)


@pytest.mark.parametrize("model", ["item", "hold", "tombstone", "sessionerasure"])
def test_force_admin_reads_and_changes_no_evidence(force_client: MakeClient, model: str) -> None:
    client = force_client("force_admin")
    item_id = Recording().register()

    assert client.get(f"/admin/evidence/{model}/").status_code in (200, 403)
    assert client.get(f"/admin/evidence/{model}/add/").status_code == 403
    assert client.post(f"/admin/evidence/{model}/{item_id}/delete/", {"post": "yes"}).status_code in (302, 403)
    assert Item.objects.filter(id=item_id).exists()


def test_force_admin_changes_a_period_and_the_dates_follow(
    force_client: MakeClient, clock: MovingClock, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    item = Item.objects.get(id=Recording().register())
    page = f"/admin/evidence/retentioncategory/{item.category_id}/change/"
    answer = force_client("force_admin").post(page, {"label": "Incidents", "days": "7"})

    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.erase_due_at - ENDED).days == 7
    assert (item.category.label, item.category.code) == ("Incidents", "incident")
    assert "category.change_days" in {row["act"] for row in audit_rows()}


def test_force_admin_adds_a_category_and_removes_none(force_client: MakeClient) -> None:
    client = force_client("force_admin")
    category = RetentionCategory.objects.get(code="incident")
    client.post("/admin/evidence/retentioncategory/add/", {"code": "training", "label": "Training", "days": "5"})

    assert RetentionCategory.objects.get(code="training").days == 5
    page = f"/admin/evidence/retentioncategory/{category.pk}/delete/"
    assert client.post(page, {"post": "yes"}).status_code == 403
