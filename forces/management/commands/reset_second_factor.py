"""Forget a second factor that is lost where no admin is left: ``manage.py reset_second_factor --force SCHEMA USER``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forces import clock
from forces.accounts.models import User
from forces.accounts.sign_ins import reset_second_factor
from forces.actors import Actor
from forces.context import PLATFORM, in_force
from forces.selectors import find_force

ACTOR = Actor.system("reset_second_factor")


class Command(BaseCommand):
    """Reset one user of one force, or of the platform (``--force public``)."""

    help = "Forget the authenticator and recovery codes of one user, who sets up new ones when signing in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the force and the user name."""
        parser.add_argument("--force", required=True)
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset, and sign the user out everywhere; raises `CommandError` for an unknown name."""
        force = PLATFORM if options["force"] == PLATFORM.schema else find_force(options["force"])
        in_force(force, _reset, options["username"])
        self.stdout.write("done")


def _reset(username: str) -> None:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError("there is no such user")
    reset_second_factor(actor=ACTOR, now=clock.now(), user=user)
