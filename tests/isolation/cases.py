"""Who may pass each door, and with what it is tried. A door without a case here fails the tests."""

from forces.accounts.roles import FIELD_ROLES, Role
from tests.isolation import consultations
from tests.isolation.case import Case
from tests.people import PASSWORD

FIELD = FIELD_ROLES
ROOM = frozenset({Role.OPERATOR, Role.SUPERVISOR})
SUPERVISOR = frozenset({Role.SUPERVISOR})
# The one person that a hand-over is offered to in a world.
OFFERED_TO = frozenset({Role.OPERATOR})
AUDITOR = frozenset({Role.AUDITOR})
FORCE_ADMIN = frozenset({Role.FORCE_ADMIN})
STAFF = frozenset(role for role in Role if role != Role.PLATFORM_ADMIN)
# A browser that turns alerts on; its point is that of RFC 8291's example.
BROWSER = {
    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/a-phone",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}


def _session(name: str) -> str:
    return f"/api/v1/sessions/{{{name}}}/"


AGENCY_TERMS = {
    "kind": "ambulance",
    "agency": "East of England Ambulance",
    "contact_name": "Robin Shaw",
    "contact_phone": "07700 900456",
    "purpose": "medical",
    "minutes": 60,
    "most_viewers": 2,
}
FLIGHT = {
    "incident_id": "@incident",
    "aircraft_id": "@aircraft",
    "pilot_id": "@pilot",
    "purpose": "Search for a missing person",
    "lawful_basis": "law_enforcement",
}
AGENCY_CODE = _session("live") + "agencies/{agency}/viewers/{agency_viewer}/code/"

# The same at every force and at the platform.
ACCOUNT: dict[str, Case] = {
    "sign-in/": Case(is_public=True, path="/sign-in/"),
    "sign-in/code/": Case(elsewhere="test_person_with_the_password_alone_is_nobody"),
    "sign-in/enrol/": Case(elsewhere="test_new_supervisor_can_do_nothing_before_the_enrolment"),
    "sign-in/again/": Case(is_public=True, path="/sign-in/again/", body={}, ok=302),
    "sign-out/": Case(STAFF, "/sign-out/", {}, 302, is_public=True),
    "account/": Case(STAFF, "/account/"),
    "account/proof/": Case(STAFF, "/account/proof/"),
    "account/second-factor/": Case(elsewhere="test_page_takes_the_proof_and_leads_back_within_the_host"),
    "account/recovery-codes/": Case(elsewhere="test_form_that_lacks_a_proof_leads_back_to_its_page"),
}

FORCE: dict[str, Case] = {
    **ACCOUNT,
    "": Case(ROOM, "/"),
    "i/<str:token>/": Case(is_public=True, path="/i/{token}/", objects=("token",)),
    "i/<str:token>/open/": Case(is_public=True, path="/i/{token}/open/", body={}, ok=303, objects=("token",)),
    "live/": Case(elsewhere="test_ticket_of_another_force_opens_nothing"),
    "live/leave/": Case(elsewhere="test_ticket_of_another_force_leaves_nothing"),
    "live/stills/": Case(elsewhere="test_ticket_of_another_force_sends_no_picture"),
    "live/uploads/": Case(elsewhere="test_ticket_of_another_force_begins_no_upload"),
    "live/uploads/<uuid:upload_id>/": Case(elsewhere="test_upload_of_another_caller_is_unknown"),
    "live/receipt/": Case(elsewhere="test_ticket_of_another_force_reads_no_receipt"),
    "join/": Case(is_public=True, path="/join/", body={"code": "@code"}, ok=303, objects=("code",)),
    "agency/<str:token>/": Case(is_public=True, path="/agency/{agency_token}/", objects=("agency_token",)),
    "agency/<str:token>/open/": Case(
        is_public=True,
        path="/agency/{agency_token}/open/",
        body={"name": "Sam Hill"},
        ok=303,
        objects=("agency_token",),
    ),
    "agency/code/": Case(elsewhere="test_agency_cookie_of_another_force_opens_nothing"),
    "agency/code/new/": Case(elsewhere="test_agency_cookie_of_another_force_opens_nothing"),
    "agency/live/": Case(elsewhere="test_agency_cookie_of_another_force_opens_nothing"),
    "officer/": Case(FIELD, "/officer/"),
    "officer/worker.js": Case(is_public=True, path="/officer/worker.js"),
    "officer/stills/": Case(elsewhere="test_officer_sends_a_still_into_the_own_session_alone"),
    "^whip/?$": Case(elsewhere="test_key_of_another_force_sends_nothing"),
    "whip/<uuid:resource_id>": Case(elsewhere="test_resource_of_another_aircraft_is_unknown"),
    "^telemetry/?$": Case(elsewhere="test_key_of_another_force_sends_no_telemetry"),
    **consultations.HTTP,
    "goodbye/": Case(is_public=True, path="/goodbye/"),
    "admin/": Case(FORCE_ADMIN, "/admin/"),
    "GET api/v1/me/": Case(STAFF, "/api/v1/me/"),
    "POST api/v1/me/proof/": Case(STAFF, "/api/v1/me/proof/", {"proof": PASSWORD}, 204),
    "GET api/v1/schema/": Case(is_public=True, path="/api/v1/schema/"),
    "GET api/v1/docs/": Case(is_public=True, path="/api/v1/docs/"),
    "GET api/v1/incident-types/": Case(STAFF, "/api/v1/incident-types/"),
    "GET api/v1/outcomes/": Case(STAFF, "/api/v1/outcomes/"),
    "GET api/v1/phrases/": Case(STAFF, "/api/v1/phrases/"),
    "GET api/v1/outbox/": Case(ROOM, "/api/v1/outbox/"),
    "GET api/v1/incidents/": Case(ROOM, "/api/v1/incidents/"),
    "POST api/v1/incidents/": Case(ROOM, "/api/v1/incidents/", {"type": "concern"}, 201),
    "GET api/v1/incidents/<uuid:incident_id>/": Case(ROOM, "/api/v1/incidents/{incident}/", objects=("incident",)),
    "GET api/v1/incidents/<uuid:incident_id>/timeline/": Case(
        ROOM, "/api/v1/incidents/{incident}/timeline/", objects=("incident",)
    ),
    "POST api/v1/incidents/<uuid:incident_id>/close/": Case(
        ROOM, "/api/v1/incidents/{quiet}/close/", {}, objects=("quiet",)
    ),
    "POST api/v1/incidents/<uuid:incident_id>/reopen/": Case(
        ROOM, "/api/v1/incidents/{closed}/reopen/", {}, objects=("closed",)
    ),
    "GET api/v1/risk-questions/": Case(ROOM, "/api/v1/risk-questions/?incident_type=concern&link_kind=location_video"),
    "GET api/v1/sessions/": Case(ROOM, "/api/v1/sessions/"),
    "POST api/v1/sessions/": Case(
        ROOM,
        "/api/v1/sessions/",
        {"incident_id": "@incident", "link_kind": "location", "phone_number": "07700 900123"},
        201,
        objects=("incident",),
    ),
    "GET api/v1/sessions/<uuid:session_id>/": Case(ROOM, _session("live"), objects=("live",)),
    "GET api/v1/sessions/<uuid:session_id>/code/": Case(ROOM, _session("invited") + "code/", objects=("invited",)),
    "GET api/v1/sessions/<uuid:session_id>/stills/<uuid:still_id>/": Case(
        ROOM, _session("live") + "stills/{still}/", objects=("live", "still")
    ),
    "POST api/v1/sessions/<uuid:session_id>/risk/": Case(
        ROOM, _session("draft") + "risk/", {"answers": "@answers"}, objects=("draft",)
    ),
    "POST api/v1/sessions/<uuid:session_id>/override/": Case(
        SUPERVISOR, _session("refused") + "override/", {"reason": "A child is in the water"}, objects=("refused",)
    ),
    "POST api/v1/sessions/<uuid:session_id>/invitation/": Case(
        ROOM, _session("ready") + "invitation/", {}, 201, objects=("ready",)
    ),
    "POST api/v1/sessions/<uuid:session_id>/rearm/": Case(ROOM, _session("opened") + "rearm/", {}, objects=("opened",)),
    "POST api/v1/sessions/<uuid:session_id>/resend/": Case(ROOM, _session("sent") + "resend/", {}, objects=("sent",)),
    "POST api/v1/sessions/<uuid:session_id>/redirect/": Case(
        ROOM, _session("sent") + "redirect/", {"email_address": "caller@example.org"}, 201, objects=("sent",)
    ),
    "GET api/v1/operators/": Case(ROOM, "/api/v1/operators/"),
    "POST api/v1/officers/nearest/": Case(
        ROOM, "/api/v1/officers/nearest/", {"incident_id": "@incident"}, objects=("incident",)
    ),
    "POST api/v1/sessions/search/": Case(
        ROOM, "/api/v1/sessions/search/", {"reason": "Complaint of yesterday", "state": "ended"}
    ),
    "POST api/v1/sessions/<uuid:session_id>/handover/": Case(
        ROOM, _session("own") + "handover/", {"to": "@colleague", "reason": "My shift ends"}, 201, objects=("own",)
    ),
    "DELETE api/v1/sessions/<uuid:session_id>/handover/": Case(
        SUPERVISOR, _session("offered") + "handover/", None, objects=("offered",)
    ),
    "POST api/v1/sessions/<uuid:session_id>/handover/accept/": Case(
        OFFERED_TO, _session("offered") + "handover/accept/", {}, objects=("offered",)
    ),
    "POST api/v1/sessions/<uuid:session_id>/handover/decline/": Case(
        OFFERED_TO, _session("offered") + "handover/decline/", {"reason": "I have two already"}, objects=("offered",)
    ),
    "POST api/v1/sessions/<uuid:session_id>/take/": Case(
        ROOM, _session("live") + "take/", {"reason": "Near me"}, objects=("live",)
    ),
    "POST api/v1/sessions/<uuid:session_id>/end/": Case(ROOM, _session("live") + "end/", {}, objects=("live",)),
    "POST api/v1/sessions/<uuid:session_id>/outcome/": Case(
        ROOM, _session("ended") + "outcome/", {"code": "@outcome"}, objects=("ended",)
    ),
    "GET api/v1/push-subscriptions/": Case(FIELD, "/api/v1/push-subscriptions/"),
    "POST api/v1/push-subscriptions/": Case(FIELD, "/api/v1/push-subscriptions/", BROWSER, 201),
    "DELETE api/v1/push-subscriptions/": Case(
        FIELD, "/api/v1/push-subscriptions/", {"endpoint": BROWSER["endpoint"]}, 204
    ),
    "POST api/v1/sessions/<uuid:session_id>/agencies/": Case(
        ROOM, _session("live") + "agencies/", AGENCY_TERMS, 201, objects=("live",)
    ),
    "GET api/v1/sessions/<uuid:session_id>/agencies/<uuid:share_id>/link/": Case(
        ROOM, _session("live") + "agencies/{agency}/link/", objects=("live", "agency")
    ),
    "PUT api/v1/sessions/<uuid:session_id>/agencies/<uuid:share_id>/viewers/<uuid:viewer_id>/code/": Case(
        ROOM, AGENCY_CODE, {}, objects=("live", "agency", "agency_viewer")
    ),
    "POST api/v1/sessions/<uuid:session_id>/agencies/<uuid:share_id>/viewers/<uuid:viewer_id>/code/": Case(
        ROOM, AGENCY_CODE, {}, 202, objects=("live", "agency", "agency_viewer")
    ),
    "api/v1/shared/<uuid:share_id>/recordings/<uuid:item_id>/<slug:role>/": Case(
        ROOM,
        "/api/v1/shared/{received}/recordings/{shared_item}/playable/",
        is_async=True,
        objects=("received", "shared_item"),
    ),
    "api/v1/receipts/notify/": Case(elsewhere="test_stranger_calls_back_refused"),
    "GET api/v1/aircraft/": Case(ROOM | AUDITOR, "/api/v1/aircraft/"),
    "GET api/v1/pilots/": Case(ROOM | AUDITOR, "/api/v1/pilots/"),
    "GET api/v1/flights/": Case(ROOM | AUDITOR, "/api/v1/flights/"),
    "POST api/v1/flights/": Case(ROOM, "/api/v1/flights/", FLIGHT, 201, objects=("incident", "aircraft")),
    "GET api/v1/flights/log/": Case(ROOM | AUDITOR, "/api/v1/flights/log/"),
    "GET api/v1/flights/<uuid:session_id>/": Case(ROOM | AUDITOR, "/api/v1/flights/{flight}/", objects=("flight",)),
    "POST api/v1/flights/<uuid:session_id>/launch/": Case(
        ROOM, "/api/v1/flights/{flight_ready}/launch/", {}, objects=("flight_ready",)
    ),
    "POST api/v1/flights/<uuid:session_id>/land/": Case(
        ROOM, "/api/v1/flights/{flight}/land/", {}, objects=("flight",)
    ),
    "POST api/v1/flights/<uuid:session_id>/ground/": Case(
        ROOM, "/api/v1/flights/{flight}/ground/", {"across": 0.5, "down": 0.5}, objects=("flight",)
    ),
    "POST api/v1/flights/<uuid:session_id>/in-view/": Case(
        ROOM, "/api/v1/flights/{flight}/in-view/", {"latitude": 51.8, "longitude": -0.08}, objects=("flight",)
    ),
    "GET api/v1/flights/<uuid:session_id>/track/": Case(
        ROOM | AUDITOR, "/api/v1/flights/{flight}/track/", objects=("flight",)
    ),
    "GET api/v1/items/": Case(ROOM | AUDITOR, "/api/v1/items/"),
    "GET api/v1/items/<uuid:item_id>/": Case(ROOM | AUDITOR, "/api/v1/items/{item}/", objects=("item",)),
    "GET api/v1/items/<uuid:item_id>/files/<slug:role>/": Case(
        ROOM, "/api/v1/items/{item}/files/playable/", objects=("item",)
    ),
    "POST api/v1/items/<uuid:item_id>/hold/": Case(
        SUPERVISOR, "/api/v1/items/{item}/hold/", {"reason": "Complaint"}, 201, objects=("item",)
    ),
    "DELETE api/v1/items/<uuid:item_id>/hold/": Case(
        SUPERVISOR, "/api/v1/items/{held}/hold/", None, 204, objects=("held",)
    ),
    "GET api/v1/retention/due/": Case(ROOM | AUDITOR, "/api/v1/retention/due/"),
    "GET api/v1/audit/entries/": Case(AUDITOR, "/api/v1/audit/entries/"),
    "GET api/v1/audit/chain/": Case(AUDITOR, "/api/v1/audit/chain/"),
}

# The row of a world that stands for each model of the force's admin; None: the first there is.
FORCE_ADMIN_MODELS: dict[str, str | None] = {
    "accounts.user": "user",
    "accounts.apitoken": "token_row",
    "accounts.secondfactorrule": None,
    **consultations.ADMIN,
    "drones.aircraft": "aircraft",
    "drones.aircraftkey": "aircraft_key",
    "drones.flight": "flight",
    "drones.ingestpolicy": None,
    "drones.telemetrypolicy": None,
    "evidence.hold": "hold",
    "evidence.item": "item",
    "evidence.retentioncategory": None,
    "evidence.sessionerasure": "erasure",
    "evidence.tombstone": "tombstone",
    "streams.consentwording": None,
    "streams.dutypolicy": None,
    "streams.incident": "incident",
    "streams.incidenttype": None,
    "streams.linkpolicy": None,
    "streams.livesession": "live",
    "streams.messagetemplate": None,
    "streams.riskquestionset": None,
    "streams.roompolicy": None,
}
PLATFORM_ADMIN_MODELS = ("accounts.user", "forces.force", "forces.medianode")
PLATFORM: dict[str, Case] = {**ACCOUNT, "": Case(is_public=True, path="/"), "admin/": Case(path="/admin/")}

MACHINE: dict[str, str] = {
    "healthz": "test_process_says_that_it_is_alive_whatever_the_host",
    "readyz": "test_broken_part_is_not_ready_and_named",
    "metrics": "test_metrics_name_every_part",
    "machine/janus-events/": "test_stranger_posts_events_refused_and_nothing_changes",
    "machine/rtmp/publish/": "test_push_with_a_key_that_opens_nothing_is_refused",
    "machine/rtmp/update/": "test_push_whose_key_was_revoked_is_cut",
}
