"""Addresses of live sessions under /api/v1/."""

from __future__ import annotations

from django.urls import path

from streams.api import agency_views, incident_views, operator_views, views
from streams.api.officers import NearestOfficers
from streams.api.push import PushSubscriptions
from streams.api.receipts import notify_receipt
from streams.api.shared import show_recording
from streams.api.stills import SessionStill

urlpatterns = [
    path("incident-types/", views.IncidentTypes.as_view()),
    path("incidents/", views.Incidents.as_view()),
    path("incidents/<uuid:incident_id>/", incident_views.IncidentPage.as_view()),
    path("incidents/<uuid:incident_id>/timeline/", incident_views.IncidentTimeline.as_view()),
    path("incidents/<uuid:incident_id>/close/", incident_views.CloseIncident.as_view()),
    path("incidents/<uuid:incident_id>/reopen/", incident_views.ReopenIncident.as_view()),
    path("risk-questions/", views.RiskQuestions.as_view()),
    path("outcomes/", views.Outcomes.as_view()),
    path("phrases/", views.Phrases.as_view()),
    path("outbox/", views.Outbox.as_view()),
    path("sessions/", views.Sessions.as_view()),
    path("sessions/search/", operator_views.SearchSessions.as_view()),
    path("officers/nearest/", NearestOfficers.as_view()),
    path("operators/", operator_views.Operators.as_view()),
    path("sessions/<uuid:session_id>/", views.SessionDetail.as_view()),
    path("sessions/<uuid:session_id>/stills/<uuid:still_id>/", SessionStill.as_view()),
    path("sessions/<uuid:session_id>/risk/", views.RiskAnswers.as_view()),
    path("sessions/<uuid:session_id>/override/", views.RiskOverride.as_view()),
    path("sessions/<uuid:session_id>/invitation/", views.SendInvitation.as_view()),
    path("sessions/<uuid:session_id>/code/", views.InvitationCode.as_view()),
    path("sessions/<uuid:session_id>/rearm/", views.RearmInvitation.as_view()),
    path("sessions/<uuid:session_id>/resend/", operator_views.ResendInvitation.as_view()),
    path("sessions/<uuid:session_id>/redirect/", operator_views.RedirectInvitation.as_view()),
    path("sessions/<uuid:session_id>/handover/", operator_views.SessionHandover.as_view()),
    path("sessions/<uuid:session_id>/handover/accept/", operator_views.AcceptHandover.as_view()),
    path("sessions/<uuid:session_id>/handover/decline/", operator_views.DeclineHandover.as_view()),
    path("sessions/<uuid:session_id>/take/", operator_views.TakeSession.as_view()),
    path("sessions/<uuid:session_id>/end/", views.EndSession.as_view()),
    path("sessions/<uuid:session_id>/outcome/", views.SessionOutcome.as_view()),
    path("push-subscriptions/", PushSubscriptions.as_view()),
    path("sessions/<uuid:session_id>/agencies/", agency_views.SessionAgencies.as_view()),
    path("sessions/<uuid:session_id>/agencies/<uuid:share_id>/link/", agency_views.AgencyLink.as_view()),
    path(
        "sessions/<uuid:session_id>/agencies/<uuid:share_id>/viewers/<uuid:viewer_id>/code/",
        agency_views.AgencyViewerCode.as_view(),
    ),
    path("shared/<uuid:share_id>/recordings/<uuid:item_id>/<slug:role>/", show_recording),
    path("receipts/notify/", notify_receipt),
]
