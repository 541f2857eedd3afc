"""What the REST API takes, checked for shape only; rules are the services'. Answers are plain data."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from streams.models import LiveSession, RiskQuestionSet


class Body(serializers.Serializer[Any]):
    """Base of everything a request may carry."""


class IncidentInput(Body):
    """A new incident."""

    type = serializers.SlugField(max_length=40)
    description = serializers.CharField(max_length=4000, allow_blank=True, default="")
    external_reference = serializers.CharField(max_length=64, allow_blank=True, default="")


class QuestionsQuery(Body):
    """Which questions to ask."""

    incident_type = serializers.SlugField(max_length=40)
    link_kind = serializers.ChoiceField(choices=LiveSession.LinkKind.choices)
    purpose = serializers.ChoiceField(choices=RiskQuestionSet.Purpose.choices, required=False, default="link")


class SessionInput(Body):
    """A new session; the number as people write it."""

    incident_id = serializers.UUIDField()
    link_kind = serializers.ChoiceField(choices=LiveSession.LinkKind.choices)
    phone_number = serializers.CharField(max_length=32)
    language = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$", default="en")
    safe_mode = serializers.BooleanField(default=False)


class SessionsQuery(Body):
    """Which sessions to list."""

    state = serializers.ChoiceField(choices=LiveSession.State.choices, required=False, default="")


class AnswersInput(Body):
    """Answers to the risk questions by code."""

    answers = serializers.DictField(child=serializers.ChoiceField(choices=("yes", "no")))


class ReasonInput(Body):
    """Why a supervisor lets a refused link through."""

    reason = serializers.CharField(max_length=2000, allow_blank=True)


class OutcomeInput(Body):
    """What a use came to."""

    code = serializers.SlugField(max_length=40)
    note = serializers.CharField(max_length=4000, allow_blank=True, default="")


class RefusalView(Body):
    """An answer that refuses the link."""

    code = serializers.CharField()
    text = serializers.CharField()
    advice = serializers.CharField()


class RiskView(Body):
    """What the answers decided."""

    outcome = serializers.ChoiceField(choices=("clear", "refused", "overridden"))
    refusals = RefusalView(many=True)


class ChoiceView(Body):
    """A code and its label."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field may have any name


class IncidentView(Body):
    """An incident."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    external_reference = serializers.CharField()
    type = serializers.CharField()
    type_label = serializers.CharField()
    description = serializers.CharField()
    opened_at = serializers.DateTimeField(required=False)


class QuestionView(Body):
    """A risk question."""

    code = serializers.CharField()
    text = serializers.CharField()
    help_text = serializers.CharField()  # type: ignore[assignment]  # a field may have any name
    refusing_answer = serializers.ChoiceField(choices=("", "yes", "no"))
    advice = serializers.CharField()


class QuestionSetView(Body):
    """The questions to ask."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    questions = QuestionView(many=True)


class SessionView(Body):
    """A SessionSummary; PROTOCOL.md has its parts in full."""

    id = serializers.UUIDField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(choices=LiveSession.State.choices)
    kind = serializers.ChoiceField(choices=LiveSession.Kind.choices)
    officer = serializers.DictField(allow_null=True)
    source = serializers.DictField(allow_null=True)  # type: ignore[assignment]  # a field may have any name
    link_kind = serializers.ChoiceField(choices=LiveSession.LinkKind.choices)
    incident = IncidentView()
    phone_number_masked = serializers.CharField()
    email_masked = serializers.CharField()
    language = serializers.CharField()
    safe_mode = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    created_by_name = serializers.CharField()
    assigned_to = serializers.DictField()
    handover = serializers.DictField(allow_null=True)
    attention = serializers.DictField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    consented_at = serializers.DateTimeField(allow_null=True)
    live_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by_kind = serializers.CharField()
    end_reason = serializers.CharField()
    invitation = serializers.DictField(allow_null=True)
    risk = RiskView(allow_null=True)
    consent = serializers.DictField(allow_null=True)
    stream = serializers.DictField(allow_null=True)
    recording = serializers.DictField()
    last_position = serializers.DictField(allow_null=True)
    progress = serializers.DictField(allow_null=True)
    rung = serializers.DictField(allow_null=True)
    watchers = serializers.ListField(child=serializers.DictField())
    shares = serializers.ListField(child=serializers.DictField())
    agencies = serializers.ListField(child=serializers.DictField())
    outcome = serializers.DictField(allow_null=True)


class SessionDetailView(Body):
    """A session with its trail and its chat."""

    session = SessionView()
    positions = serializers.ListField(child=serializers.DictField())
    messages = serializers.ListField(child=serializers.DictField())


class CodeView(Body):
    """A code to read out, and where the caller enters it."""

    invitation_id = serializers.UUIDField()
    code = serializers.CharField()
    address = serializers.CharField()


class PhraseView(Body):
    """A fixed phrase that an operator may send, in the console's language."""

    code = serializers.CharField()
    text = serializers.CharField()
    is_question = serializers.BooleanField()


class OutboxView(Body):
    """A message that development keeps instead of sending it."""

    id = serializers.CharField()
    to = serializers.CharField()
    body = serializers.CharField()
    link = serializers.CharField()
    sent_at = serializers.DateTimeField()
    session_id = serializers.UUIDField(allow_null=True)
    qr_svg = serializers.CharField()
