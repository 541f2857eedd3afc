"""Build the template database that every test's copy is made from. Runs with ``DB_ROLE=owner``.

``python -m tests.template build`` migrates ``SIGHTLINE_DB_NAME`` and makes three forces with one person per role;
``python -m tests.template grant`` re-applies the rights of a copied database.
"""

import sys

import django

django.setup()

from django.core.management import call_command

from forces.accounts.models import User
from forces.accounts.roles import Role
from forces.accounts.second_factor import REQUIRED_FOR, install_second_factor
from forces.actors import Actor
from forces.context import in_force, in_platform
from forces.models import Force, MediaNode
from forces.services import provisioning
from tests.people import PASSWORD, totp_secret

FORCES = {
    "herts": "Hertfordshire Constabulary",
    "beds": "Bedfordshire Police",
    "cambs": "Cambridgeshire Constabulary",
}


def build() -> None:
    """Migrate ``public``, then provision three forces and their people."""
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    in_platform(lambda: MediaNode.objects.create(name="media-1", url="ws://127.0.0.1:1"))
    in_platform(_person, Role.PLATFORM_ADMIN)
    for schema, name in FORCES.items():
        names = {"schema": schema, "name": name, "domain": f"{schema}.localhost"}
        in_platform(lambda names=names: provisioning.request_force(actor=Actor.system("tests"), **names))  # type: ignore[misc]
        provisioning.provision(schema)
        ref = in_platform(lambda schema=schema: Force.objects.get(schema_name=schema).as_ref())  # type: ignore[misc]
        in_force(ref, _people)


def grant() -> None:
    """Re-apply the database-level rights."""
    in_platform(provisioning.grant_database)


def _people() -> None:
    for role in Role:
        if role != Role.PLATFORM_ADMIN:
            _person(role)


def _person(role: Role) -> None:
    user = User(username=role.value, first_name=role.label, role=role)
    user.set_password(PASSWORD)
    user.save()
    if role in REQUIRED_FOR:
        install_second_factor(user, totp_secret(role))


if __name__ == "__main__":
    {"build": build, "grant": grant}[sys.argv[1]]()
