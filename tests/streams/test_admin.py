"""The force admin's site: rules are edited as new versions, sessions are only read, and each act is audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forces import clock
from forces.admin import force_site
from forces.context import Unit
from streams.models import (
    ConsentWording,
    IncidentType,
    Invitation,
    LinkPolicy,
    LiveSession,
    MessageTemplate,
    RiskQuestion,
    RiskQuestionSet,
)
from tests.factories.streams import AuditRows, answer, make_invitation, make_session

MakeClient = Callable[..., Client]
SITE = "/admin/streams"


def default_set() -> RiskQuestionSet:
    return RiskQuestionSet.objects.get(purpose="link", incident_type=None, is_active=True)


def form_of(questions: list[RiskQuestion], **first: str) -> dict[str, Any]:
    form: dict[str, Any] = {
        "questions-TOTAL_FORMS": len(questions),
        "questions-INITIAL_FORMS": len(questions),
        "questions-MIN_NUM_FORMS": 0,
        "questions-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(questions):
        prefix = f"questions-{number}"
        names = ("id", "code", "text", "help_text", "position", "refusing_answer", "advice")
        form.update({f"{prefix}-{name}": getattr(row, name) for name in names})
        form[f"{prefix}-question_set"] = row.question_set_id
        if row.applies_to_video_only:
            form[f"{prefix}-applies_to_video_only"] = "on"
    form.update({f"questions-0-{name}": value for name, value in first.items()})
    return form


@pytest.mark.parametrize("role", ["operator", "supervisor", "officer", "auditor"])
def test_other_role_enters_admin_refused(in_herts: Unit, force_client: MakeClient, role: str) -> None:
    answered = force_client(role).get(f"{SITE}/riskquestionset/")

    assert answered.status_code in (302, 403)


def test_admin_cannot_reach_invitations_at_all(in_herts: Unit, force_client: MakeClient) -> None:
    client = force_client("force_admin")

    assert Invitation not in force_site._registry
    assert client.get(f"{SITE}/invitation/add/").status_code == 404


@pytest.mark.parametrize("model", ["livesession", "incident"])
def test_admin_adds_or_removes_what_services_write_refused(
    in_herts: Unit, force_client: MakeClient, model: str
) -> None:
    session = make_invitation(now=clock.now()).session
    key = session.id if model == "livesession" else session.incident_id
    client = force_client("force_admin")

    assert client.get(f"{SITE}/{model}/add/").status_code == 403
    assert client.post(f"{SITE}/{model}/{key}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{SITE}/{model}/{key}/change/", {"state": "live"}).status_code == 403
    assert LiveSession.objects.get(pk=session.pk).state == "invited"


def test_admin_looks_at_session_without_number_and_is_audited(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows
) -> None:
    session = make_invitation(now=clock.now()).session

    page = force_client("force_admin").get(f"{SITE}/livesession/{session.id}/change/")

    assert page.status_code == 200
    assert "7700900123" not in page.content.decode()
    assert ("livesession.view", "consultation") in {(row["act"], row["operation"]) for row in audit_rows()}


def test_admin_changes_old_version_refused(in_herts: Unit, force_client: MakeClient) -> None:
    old = default_set()
    RiskQuestionSet.objects.filter(pk=old.pk).update(is_active=False)

    answered = force_client("force_admin").post(f"{SITE}/riskquestionset/{old.pk}/change/", form_of([]))

    assert answered.status_code == 403


def test_admin_changes_question_makes_version_and_keeps_what_was_answered(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows
) -> None:
    old = default_set()
    questions = list(old.questions.all())
    session = make_session(now=clock.now())
    answer(session, now=clock.now())

    answered = force_client("force_admin").post(
        f"{SITE}/riskquestionset/{old.pk}/change/", form_of(questions, text="Is it really safe?")
    )

    assert answered.status_code == 302, answered.content.decode()
    new = default_set()
    assert (new.version, new.pk == old.pk) == (2, False)
    texts = list(new.questions.values_list("code", "text", "applies_to_video_only"))
    kept = [(row.code, row.text, row.applies_to_video_only) for row in questions]
    assert texts == [(questions[0].code, "Is it really safe?", False), *kept[1:]]
    old.refresh_from_db()
    assert (old.is_active, old.version) == (False, 1)
    assert list(old.questions.values_list("code", "text", "applies_to_video_only")) == kept
    assert session.assessments.get().question_set_id == old.pk
    assert "riskquestionset.change" in [row["act"] for row in audit_rows()]


def test_admin_removes_question_leaves_it_out_of_next_version_only(in_herts: Unit, force_client: MakeClient) -> None:
    old = default_set()
    questions = list(old.questions.all())

    form = {**form_of(questions), "questions-0-DELETE": "on"}
    force_client("force_admin").post(f"{SITE}/riskquestionset/{old.pk}/change/", form)

    assert default_set().questions.count() == len(questions) - 1
    assert old.questions.count() == len(questions)


def test_admin_adds_set_for_kind_of_incident(in_herts: Unit, force_client: MakeClient) -> None:
    kind = IncidentType.objects.get(code="collision")
    form = {
        **form_of([]),
        "purpose": "link",
        "incident_type": str(kind.pk),
        "questions-TOTAL_FORMS": 1,
        "questions-0-code": "moving",
        "questions-0-text": "Is traffic moving past?",
        "questions-0-position": 0,
        "questions-0-refusing_answer": "yes",
        "questions-0-advice": "Ask the caller to stand behind the barrier first.",
    }

    answered = force_client("force_admin").post(f"{SITE}/riskquestionset/add/", form)

    assert answered.status_code == 302, answered.content.decode()
    made = RiskQuestionSet.objects.get(incident_type=kind)
    assert (made.version, [row.code for row in made.questions.all()]) == (1, ["moving"])


def test_admin_changes_questions_of_flights_and_links_keep_theirs(in_herts: Unit, force_client: MakeClient) -> None:
    links, flights = default_set(), RiskQuestionSet.objects.get(purpose="flight")
    questions = list(flights.questions.all())

    answered = force_client("force_admin").post(
        f"{SITE}/riskquestionset/{flights.pk}/change/", form_of(questions, text="Is nobody below?")
    )

    assert answered.status_code == 302, answered.content.decode()
    new = RiskQuestionSet.objects.get(purpose="flight", is_active=True)
    assert (new.version, new.incident_type, default_set()) == (2, None, links)


def test_admin_changes_wording_makes_version_approved_by_them(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows
) -> None:
    old = ConsentWording.objects.get(language="en")
    fields = ("title", "intro", "location_text", "video_text", "recording_text", "stop_text")
    form = {**{name: getattr(old, name) for name in fields}, "title": "May we see?"}

    answered = force_client("force_admin").post(f"{SITE}/consentwording/{old.pk}/change/", form)

    assert answered.status_code == 302, answered.content.decode()
    new = ConsentWording.objects.get(language="en", is_active=True)
    assert (new.version, new.language, new.title) == (2, "en", "May we see?")
    assert new.approved_by
    old.refresh_from_db()
    assert (old.version, old.is_active, old.title != new.title) == (1, False, True)
    assert "consentwording.change" in [row["act"] for row in audit_rows()]


def test_admin_changes_policy_and_message_is_audited(
    in_herts: Unit, force_client: MakeClient, audit_rows: AuditRows
) -> None:
    client = force_client("force_admin")
    policy, template = (
        LinkPolicy.objects.get(),
        MessageTemplate.objects.get(link_kind="location", language="en", safe_mode=False),
    )
    given = {
        "expires_minutes": 30,
        "default_link_kind": "location",
        "session_max_minutes": 60,
        "exit_url": "https://example.org/",
    }
    text = {"link_kind": "location", "language": "en", "body": "{force} {link}"}

    client.post(f"{SITE}/linkpolicy/{policy.pk}/change/", given)
    client.post(f"{SITE}/messagetemplate/{template.pk}/change/", text)

    policy.refresh_from_db()
    template.refresh_from_db()
    assert (policy.expires_minutes, policy.recording_by_default, template.body) == (30, False, "{force} {link}")
    assert {"linkpolicy.change", "messagetemplate.change"} <= {row["act"] for row in audit_rows()}


def test_admin_saves_message_without_link_refused(in_herts: Unit, force_client: MakeClient) -> None:
    template = MessageTemplate.objects.get(link_kind="location", language="en", safe_mode=False)
    text = {"link_kind": "location", "language": "en", "body": "Hello"}

    answered = force_client("force_admin").post(f"{SITE}/messagetemplate/{template.pk}/change/", text)

    assert answered.status_code == 200
    assert "{link}" in MessageTemplate.objects.get(pk=template.pk).body


@pytest.mark.parametrize("model", [kind for kind in force_site._registry if kind._meta.app_label == "streams"])
def test_admin_opens_every_list(in_herts: Unit, force_client: MakeClient, model: Any) -> None:
    address = reverse(f"force_admin:streams_{model._meta.model_name}_changelist", urlconf="config.urls")

    assert force_client("force_admin").get(address).status_code == 200


def test_admin_searches_sessions_by_the_callers_number_refused(in_herts: Unit, force_client: MakeClient) -> None:
    session = make_invitation(now=clock.now()).session
    client = force_client("force_admin")

    found = [client.get(f"{SITE}/livesession/?phone_number__startswith={start}") for start in ("%2B447", "%2B448")]

    assert [answered.status_code for answered in found] == [400, 400]
    assert str(session.id) in client.get(f"{SITE}/livesession/?state=invited").content.decode()
