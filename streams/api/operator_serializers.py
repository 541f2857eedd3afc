"""What the operator's doors take, checked for shape only, and the answers that are theirs alone."""

from __future__ import annotations

from rest_framework import serializers

from streams.api.serializers import Body, SessionView
from streams.models import LiveSession
from streams.outcome_codes import LABELS


class HandoverInput(Body):
    """To whom a session is offered, by the id that `operators/` gives, and why."""

    to = serializers.RegexField(r"^[0-9]{1,9}$")
    reason = serializers.CharField(max_length=500, allow_blank=True)


class WhyInput(Body):
    """Why something is done."""

    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class RedirectInput(Body):
    """Another number, as people write it, or an e-mail address; one of the two."""

    phone_number = serializers.CharField(max_length=32, allow_blank=True, default="")
    email_address = serializers.CharField(max_length=254, allow_blank=True, default="")


class SearchInput(Body):
    """What is looked for. In the body, because neither a number nor a place belongs in an address."""

    reason = serializers.CharField(max_length=500, allow_blank=True, default="")
    cursor = serializers.CharField(max_length=200, allow_blank=True, default="")
    since = serializers.DateTimeField(required=False, allow_null=True, default=None)
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    grid_reference = serializers.CharField(max_length=24, allow_blank=True, default="")
    latitude = serializers.FloatField(min_value=-90, max_value=90, required=False, allow_null=True, default=None)
    longitude = serializers.FloatField(min_value=-180, max_value=180, required=False, allow_null=True, default=None)
    radius_m = serializers.FloatField(min_value=1, max_value=20_000, default=200)
    reference = serializers.CharField(max_length=64, allow_blank=True, default="")
    operator = serializers.RegexField(r"^[0-9]{0,9}$", allow_blank=True, default="")
    phone_number = serializers.CharField(max_length=32, allow_blank=True, default="")
    outcome = serializers.ChoiceField(choices=list(LABELS), allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=LiveSession.Kind.choices, allow_blank=True, default="")
    state = serializers.ChoiceField(choices=LiveSession.State.choices, allow_blank=True, default="")


class ColleagueView(Body):
    """Somebody who may run a session; on duty with an open console."""

    id = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    is_on_duty = serializers.BooleanField()


class FoundView(Body):
    """A page of a search, and the cursor of the next one."""

    results = SessionView(many=True)
    next = serializers.CharField(allow_null=True)
