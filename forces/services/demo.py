"""Demonstration: three forces with people of every role, and an auditor's token each. Never in production."""

import secrets
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from forces import clock
from forces.accounts.models import ApiToken, OfficerProfile, User
from forces.accounts.roles import Role
from forces.accounts.second_factor import REQUIRED_FOR, install_second_factor, is_enrolled, new_secret
from forces.accounts.tokens import issue_token
from forces.actors import Actor
from forces.context import in_force, in_platform
from forces.models import Force, MediaNode
from forces.services import provisioning

FORCES = {
    "beds": "Bedfordshire Police",
    "cambs": "Cambridgeshire Constabulary",
    "herts": "Hertfordshire Constabulary",
}
PEOPLE = {
    "admin": (Role.FORCE_ADMIN, "Alex", "Reed"),
    "operator1": (Role.OPERATOR, "Sam", "Okafor"),
    "operator2": (Role.OPERATOR, "Jo", "Lindqvist"),
    "supervisor": (Role.SUPERVISOR, "Priya", "Nair"),
    "officer": (Role.OFFICER, "Tom", "Ashby"),
    "pcso": (Role.PCSO, "Amina", "Yusuf"),
    "soco": (Role.SCENES_OF_CRIME, "Glyn", "Parry"),
    "auditor": (Role.AUDITOR, "Ruth", "Calder"),
    # Simulated: on duty all the time.
    "patrol1": (Role.OFFICER, "Nina", "Hale"),
    "patrol2": (Role.OFFICER, "Owen", "Bright"),
    "patrol3": (Role.OFFICER, "Farah", "Malik"),
    "patrol4": (Role.OFFICER, "Callum", "Frost"),
    "patrol5": (Role.PCSO, "Bea", "Lowe"),
    "patrol6": (Role.SCENES_OF_CRIME, "Ivo", "Marsh"),
}
# Collar number, team and skills of those who go out.
ON_THE_GROUND: dict[str, tuple[str, str, list[str]]] = {
    "officer": ("1482", "Response A", ["taser", "first_aid"]),
    "pcso": ("7093", "Neighbourhood", ["first_aid"]),
    "soco": ("9017", "Scenes of crime", ["scenes_of_crime"]),
    "patrol1": ("1503", "Response A", ["taser", "first_aid"]),
    "patrol2": ("1517", "Response A", ["first_aid", "drone_pilot"]),
    "patrol3": ("2204", "Armed response", ["armed", "taser", "first_aid"]),
    "patrol4": ("2631", "Dog section", ["dog", "public_order"]),
    "patrol5": ("7121", "Neighbourhood", ["first_aid"]),
    "patrol6": ("9032", "Scenes of crime", ["scenes_of_crime"]),
}
Known = dict[str, dict[str, str]]
# Of the shape that the CAA gives out, and nobody's.
FLYER_ID = "GBR-RP-D3MXPLT2K7W9"
ACTOR = Actor.system("seed_demo")
# By name, as provisioning has it: the app lies above this one.
AIRCRAFT = "drones.services.demo"


def seed_demo(known: Known, port: int) -> dict[str, Any]:
    """Make or complete the demonstration and return what scripts need; ``known`` is what an earlier run returned.

    Shape: ``{"port", "platform": {"base_url", "users"}, "forces": {schema: {"base_url", "users", "token",
    "aircraft"}}}``.
    """
    if settings.IS_PRODUCTION:
        raise ImproperlyConfigured("production has no demonstration")
    in_platform(lambda: MediaNode.objects.update_or_create(name="media-1", defaults={"url": settings.JANUS_URL}))
    forces = {}
    for schema, name in FORCES.items():
        domain = f"{schema}.{settings.BASE_DOMAIN}"
        names = {"schema": schema, "name": name, "domain": domain}
        in_platform(lambda names=names: provisioning.request_force(actor=ACTOR, **names))  # type: ignore[misc]
        provisioning.provision(schema)
        ref = in_platform(lambda schema=schema: Force.objects.get(schema_name=schema).as_ref())  # type: ignore[misc]
        users, token = in_force(ref, _seed_people, schema, known)
        aircraft = in_force(ref, import_module(AIRCRAFT).seed_demo)
        forces[schema] = {
            "name": name,
            "base_url": f"http://{domain}:{port}",
            "users": users,
            "token": token,
            "aircraft": aircraft,
        }
    platform = in_platform(_seed_platform, known)
    base_url = f"http://{settings.BASE_DOMAIN}:{port}"
    return {"port": port, "platform": {"base_url": base_url, "users": platform}, "forces": forces}


def _seed_people(schema: str, known: Known) -> tuple[dict[str, dict[str, str]], str]:
    users = {
        username: _user(f"{schema}/{username}", username, role, first, last, known)
        for username, (role, first, last) in PEOPLE.items()
    }
    for username, (number, team, skills) in ON_THE_GROUND.items():
        flyer_id = FLYER_ID if OfficerProfile.Skill.DRONE_PILOT in skills else ""
        noted = {"collar_number": number, "team": team, "skills": skills, "flyer_id": flyer_id}
        OfficerProfile.objects.get_or_create(user=User.objects.get(username=username), defaults=noted)
    auditor = User.objects.get(username="auditor")
    ApiToken.objects.filter(user=auditor, name="demo", revoked_at=None).update(revoked_at=clock.now())
    token = issue_token(actor=ACTOR, now=clock.now(), user_id=auditor.pk, name="demo", lasts=timedelta(days=30))
    return users, token


def _seed_platform(known: Known) -> dict[str, dict[str, str]]:
    made = _user("platform/platform", "platform", Role.PLATFORM_ADMIN, "Pat", "Holm", known)
    return {"platform": made}


def _user(key: str, username: str, role: Role, first: str, last: str, known: Known) -> dict[str, str]:
    """Make the user or keep the one there is; password and second factor are the kept ones, or new ones."""
    kept = known.get(key, {})
    user, made = User.objects.get_or_create(
        username=username, defaults={"role": role, "first_name": first, "last_name": last}
    )
    if made or "password" not in kept:
        kept["password"] = secrets.token_urlsafe(12)
        user.set_password(kept["password"])
        user.save()
    seeded = {"username": username, "password": kept["password"], "role": role.value, "name": user.display_name}
    if role in REQUIRED_FOR:
        seeded["totp_secret"] = _second_factor(user, kept.get("totp_secret", ""))
    return seeded


def _second_factor(user: User, secret: str) -> str:
    """Give the user the authenticator app of the sign-ins' file; returns its secret."""
    if not secret or not is_enrolled(user):
        secret = new_secret()
        install_second_factor(user, secret)
    return secret
