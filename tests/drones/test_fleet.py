"""The fleet on the force admin's site, and who of the force's people may fly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from drones.models import Aircraft, AircraftKey
from forces.accounts.models import OfficerProfile, User
from forces.accounts.officers import find_pilot, list_pilots
from forces.admin import force_site
from forces.context import ForceRef, Unit, in_force
from tests.factories.drones import FLYER_ID, make_aircraft, make_key, make_pilot
from tests.factories.officers import make_officer
from tests.factories.streams import AuditRows

MakeClient = Callable[..., Client]
SITE = "/admin/drones"
FORM = {
    "make": "Autel",
    "model": "EVO Max 4T",
    "serial": "AUT-77",
    "operator_id": "GBR-OP-BAZ4DH6GJ88T",
    "horizontal_fov_deg": "68",
    "vertical_fov_deg": "41.5",
    "protocols": ["rtmp", "whip"],
    "is_in_service": "on",
}


@pytest.mark.parametrize("role", ["operator", "supervisor", "officer", "auditor"])
def test_other_role_adds_aircraft_refused(in_herts: Unit, force_client: MakeClient, role: str) -> None:
    answered = force_client(role).post(f"{SITE}/aircraft/add/", FORM)

    assert answered.status_code in (302, 403)
    assert not Aircraft.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"operator_id": "OP-5JU84FV"},
        {"operator_id": "GBR-RP-9WM5CGTWGC37"},
        {"operator_id": "gbr-op-baz4dh6gj88t"},
        {"horizontal_fov_deg": "0"},
        {"vertical_fov_deg": "180"},
        {"horizontal_fov_deg": "nan"},
        {"protocols": ["hls"]},
        {"protocols": []},
        {"serial": ""},
    ],
)
def test_admin_adds_aircraft_that_cannot_be_refused(
    in_herts: Unit, force_client: MakeClient, wrong: dict[str, Any]
) -> None:
    answered = force_client("force_admin").post(f"{SITE}/aircraft/add/", {**FORM, **wrong})

    assert answered.status_code == 200
    assert not Aircraft.objects.exists()


def test_admin_adds_and_changes_an_aircraft_audited(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows
) -> None:
    client = force_client("force_admin")

    answered = client.post(f"{SITE}/aircraft/add/", FORM)
    aircraft = Aircraft.objects.get()
    client.post(f"{SITE}/aircraft/{aircraft.id}/change/", {**FORM, "is_in_service": ""})

    assert answered.status_code == 302, answered.content.decode()
    assert (aircraft.serial, aircraft.vertical_fov_deg, aircraft.protocols) == ("AUT-77", 41.5, ["rtmp", "whip"])
    aircraft.refresh_from_db()
    assert not aircraft.is_in_service
    acts = [(row["act"], row["detail"]) for row in audit_rows() if row["act"].startswith("aircraft")]
    assert acts == [("aircraft.add", {"fields": []}), ("aircraft.change", {"fields": ["In service"]})]


def test_serial_is_one_aircrafts_of_a_force_and_may_be_anothers_at_another(
    copy_db: str, herts: ForceRef, beds: ForceRef
) -> None:
    for force in (herts, beds):
        in_force(force, make_aircraft, "ONE")

    with pytest.raises(IntegrityError):
        in_force(herts, Aircraft.objects.create, serial="ONE", horizontal_fov_deg=60, vertical_fov_deg=40)


def test_angle_that_is_none_is_not_kept(in_herts: Unit) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_aircraft(vertical_fov_deg=181)


def test_admin_removes_an_aircraft_refused(in_herts: Unit, force_client: MakeClient) -> None:
    aircraft = make_aircraft()

    answered = force_client("force_admin").post(f"{SITE}/aircraft/{aircraft.id}/delete/", {"post": "yes"})

    assert answered.status_code == 403
    assert Aircraft.objects.filter(pk=aircraft.pk).exists()


def test_admin_makes_a_key_that_is_shown_once_and_kept_as_a_digest(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows
) -> None:
    client = force_client("force_admin")

    page = client.post(f"{SITE}/aircraftkey/add/", {"aircraft": str(make_aircraft().id)}, follow=True)

    shown = "sla_herts_" + page.content.decode().split("sla_herts_")[1][:43]
    row = AircraftKey.objects.get()
    assert shown not in str(row.__dict__)
    assert shown not in client.get(f"{SITE}/aircraftkey/").content.decode()
    assert ("aircraft_key.issue", {"aircraft": str(row.aircraft_id)}) in [
        (entry["act"], entry["detail"]) for entry in audit_rows()
    ]


def test_admin_revokes_a_key_by_the_lists_action(in_herts: Unit, force_client: MakeClient) -> None:
    make_key()
    row = AircraftKey.objects.get()

    chosen = {"action": "revoke", "_selected_action": [row.pk]}
    force_client("force_admin").post(f"{SITE}/aircraftkey/", chosen)

    row.refresh_from_db()
    assert not row.stands


def test_admin_edits_or_removes_a_key_refused(in_herts: Unit, force_client: MakeClient) -> None:
    make_key()
    row, client = AircraftKey.objects.get(), force_client("force_admin")

    assert client.post(f"{SITE}/aircraftkey/{row.pk}/change/", {"aircraft": str(row.aircraft_id)}).status_code == 403
    assert client.post(f"{SITE}/aircraftkey/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", [kind for kind in force_site._registry if kind._meta.app_label == "drones"])
def test_admin_opens_every_list(in_herts: Unit, force_client: MakeClient, model: Any) -> None:
    address = reverse(f"force_admin:drones_{model._meta.model_name}_changelist", urlconf="config.urls")

    assert force_client("force_admin").get(address).status_code == 200


def test_pilot_is_an_officer_with_the_skill_and_a_flyer_id(in_herts: Unit) -> None:
    pilot = make_pilot()
    make_officer("ashby")
    make_pilot("unregistered", flyer_id="")

    assert [(one.user_id, one.number, one.flyer_id) for one in list_pilots()] == [(pilot.id, "4711", FLYER_ID)]
    assert find_pilot(pilot.id) == list_pilots()[0]


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "operator"}])
def test_pilot_who_left_or_moved_flies_no_more(in_herts: Unit, change: dict[str, Any]) -> None:
    pilot = make_pilot()

    User.objects.filter(pk=pilot.id).update(**change)

    assert find_pilot(pilot.id) is None
    assert find_pilot("") is find_pilot("nobody") is None


@pytest.mark.parametrize(
    ("flyer_id", "is_kept"),
    [
        ("", True),
        ("GBR-RP-9WM5CGTWGC37", True),
        ("GBR-RP-9WM5CGTWGC3", False),
        ("GBR-RP-AWM5CGTWGC37", False),
        ("GBR-RP-9WM5CGTWGC01", False),
        ("GBR-OP-9WM5CGTWGC37", False),
        ("gbr-rp-9wm5cgtwgc37", False),
    ],
)
def test_admin_notes_a_flyer_id_of_the_caas_shape(
    in_herts: Unit, force_client: MakeClient, flyer_id: str, is_kept: bool
) -> None:
    user = User.objects.get(username="officer")
    form = {
        "username": user.username,
        "first_name": user.first_name,
        "role": user.role,
        "is_active": "on",
        "officer_profile-TOTAL_FORMS": 1,
        "officer_profile-INITIAL_FORMS": 0,
        "officer_profile-MIN_NUM_FORMS": 0,
        "officer_profile-MAX_NUM_FORMS": 1,
        "officer_profile-0-user": user.pk,
        "officer_profile-0-collar_number": "1234",
        "officer_profile-0-skills": ["drone_pilot"],
        "officer_profile-0-flyer_id": flyer_id,
    }

    answered = force_client("force_admin").post(f"/admin/accounts/user/{user.pk}/change/", form)

    assert answered.status_code == (302 if is_kept else 200)
    assert OfficerProfile.objects.filter(user=user, flyer_id=flyer_id).exists() is is_kept
