"""What the doors of consultations take, checked for shape only, and what they answer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from consultations.models import Consultation, MoveRequest, Participant
from streams.api.serializers import Body

LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$"


class PersonInput(Body):
    """Who is asked to come; times of the day are London's."""

    role = serializers.ChoiceField(choices=Participant.Role.choices)
    name = serializers.CharField(max_length=1200, allow_blank=True, default="")
    phone_number = serializers.CharField(max_length=32, allow_blank=True, default="")
    email_address = serializers.CharField(max_length=254, allow_blank=True, default="")
    language = serializers.RegexField(LANGUAGE, default="en")
    safe_mode = serializers.BooleanField(default=False)
    contact_from = serializers.TimeField(allow_null=True, default=None)
    contact_to = serializers.TimeField(allow_null=True, default=None)
    user_id = serializers.RegexField(r"^[0-9]{0,18}$", allow_null=True, allow_blank=True, default="")


class AddedInput(PersonInput):
    """The same, added later; `anyway`: also when it is not a safe time to write to them."""

    anyway = serializers.BooleanField(default=False)


class BookingInput(Body):
    """A new consultation; without `starts_at` it begins now, without `incident_id` an incident is opened."""

    purpose = serializers.ChoiceField(choices=Consultation.Purpose.choices)
    purpose_note = serializers.CharField(max_length=500, allow_blank=True, default="")
    incident_id = serializers.UUIDField(allow_null=True, default=None)
    incident_type = serializers.SlugField(max_length=40, allow_blank=True, allow_null=True, default="")
    starts_at = serializers.DateTimeField(allow_null=True, default=None)
    length_min = serializers.IntegerField(min_value=5, max_value=240, default=30)
    team = serializers.CharField(max_length=80, allow_blank=True, default="")
    recording_wish = serializers.BooleanField(default=False)
    participants = PersonInput(many=True)


class ChangeInput(Body):
    """What is to be another from now on."""

    starts_at = serializers.DateTimeField(required=False)
    length_min = serializers.IntegerField(min_value=5, max_value=240, required=False)
    purpose = serializers.ChoiceField(choices=Consultation.Purpose.choices, required=False)
    purpose_note = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ReasonInput(Body):
    """Why."""

    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


class AnywayInput(Body):
    """`anyway`: also when it is not a safe time to write to them."""

    anyway = serializers.BooleanField(default=False)


class MoveInput(Body):
    """What came of a wish for another time."""

    answer = serializers.ChoiceField(choices=MoveRequest.Answer.choices)


class RiskInput(Body):
    """Answers to the risk questions by code."""

    answers = serializers.DictField(child=serializers.ChoiceField(choices=("yes", "no")))


class OutcomeInput(Body):
    """What it came to."""

    code = serializers.SlugField(max_length=40)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class FiguresQuery(Body):
    """Which span."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class ConsultationView(Body):
    """A consultation; its id is its live session's. See `consultations/PROTOCOL.md` for the parts."""

    id = serializers.UUIDField()
    incident = serializers.DictField()
    purpose = serializers.CharField()
    purpose_note = serializers.CharField()
    starts_at = serializers.DateTimeField()
    length_min = serializers.IntegerField()
    team = serializers.CharField()
    state = serializers.ChoiceField(choices=Consultation.State.choices)
    taken_by = serializers.DictField(allow_null=True)
    is_locked = serializers.BooleanField()
    recording = serializers.DictField()
    risk = serializers.DictField()
    caution = serializers.DictField(allow_null=True)
    participants = serializers.ListField(child=serializers.DictField())
    counts = serializers.DictField()
    moves = serializers.ListField(child=serializers.DictField())
    outcome = serializers.DictField(allow_null=True)
    revision = serializers.IntegerField()


class BoardRow(Body):
    """A row of the board."""

    id = serializers.UUIDField()
    revision = serializers.IntegerField()
    incident = serializers.DictField()
    purpose = serializers.CharField()
    starts_at = serializers.DateTimeField()
    length_min = serializers.IntegerField()
    team = serializers.CharField()
    state = serializers.CharField()
    taken_by = serializers.DictField(allow_null=True)
    waiting = serializers.IntegerField()
    inside = serializers.IntegerField()
    recording = serializers.CharField()


class LinkView(Body):
    """A person's link, to be read out, and as a picture to be scanned."""

    url = serializers.CharField()
    qr_svg = serializers.CharField()


class RiskOutcome(Body):
    """What the answers decided."""

    outcome = serializers.CharField()
    refusals = serializers.ListField(child=serializers.DictField())


class RoundView(Body):
    """The questions to ask."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    questions = serializers.ListField(child=serializers.DictField())


class ColleagueView(Body):
    """Somebody who may be asked to come as an officer."""

    id = serializers.CharField()
    name = serializers.CharField()
    number = serializers.CharField()
    team = serializers.CharField()


class FiguresView(Body):
    """What came of the consultations of a span."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    booked = serializers.IntegerField()
    held = serializers.IntegerField()
    missed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    waits = serializers.DictField()
    minutes = serializers.IntegerField()
    outcomes = serializers.ListField(child=serializers.DictField())
    got_what_needed = serializers.DictField()
    again = serializers.DictField()
    by_purpose = serializers.ListField(child=serializers.DictField())
    by_team = serializers.ListField(child=serializers.DictField())


def person_of(given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a person's plan; nobody's user id is the empty one."""
    return {**given, "user_id": given.get("user_id") or ""}
