"""Stages of a sign-in between the right password and being signed in."""

from typing import Any

from allauth.account.stages import LoginStage
from django.http import HttpResponseRedirect
from django.urls import reverse

from forces.accounts.second_factor import is_enrolled, must_enrol


class EnrolStage(LoginStage):
    """Whose role must have a second factor and who has none enrols one first, and is nobody until then."""

    key = "enrol"
    urlname = "second-factor-enrol"

    def handle(self) -> tuple[Any, bool]:
        """Return the way to the page of the enrolment, or nothing."""
        user = self.login.user
        if user is not None and must_enrol(user.role) and not is_enrolled(user):
            return HttpResponseRedirect(reverse(self.urlname)), True
        return None, True
