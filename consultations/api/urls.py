"""Addresses of consultations under /api/v1/."""

from __future__ import annotations

from django.urls import path

from consultations.api import booking, figures, participants, risk

_ONE = "consultations/<uuid:session_id>/"
_PERSON = f"{_ONE}participants/<uuid:participant_id>/"

urlpatterns = [
    path("consultations/", booking.Consultations.as_view()),
    path("consultations/figures/", figures.Figures.as_view()),
    path(_ONE, booking.ConsultationDetail.as_view()),
    path(f"{_ONE}cancel/", booking.CancelConsultation.as_view()),
    path(f"{_ONE}take/", booking.TakeConsultation.as_view()),
    path(f"{_ONE}outcome/", booking.ConsultationOutcome.as_view()),
    path(f"{_ONE}risk-questions/", risk.RiskRound.as_view()),
    path(f"{_ONE}risk/", risk.AnswerRound.as_view()),
    path(f"{_ONE}override/", risk.OverrideRound.as_view()),
    path(f"{_ONE}participants/", participants.Participants.as_view()),
    path(_PERSON, participants.ParticipantDetail.as_view()),
    path(f"{_PERSON}resend/", participants.ResendLink.as_view()),
    path(f"{_PERSON}rearm/", participants.RearmLink.as_view()),
    path(f"{_PERSON}link/", participants.ParticipantLink.as_view()),
    path(f"{_ONE}moves/<uuid:move_id>/", booking.MoveAnswer.as_view()),
    path("colleagues/", participants.Colleagues.as_view()),
]
