"""Addresses of pages and files of consultations; nothing in one says whose they are."""

from __future__ import annotations

from django.urls import path

from consultations import views, views_after
from consultations.api import leaving, uploads

urlpatterns = [
    path("m/<str:token>/", views.link_page, name="meeting-link"),
    path("m/<str:token>/open/", views.open_link, name="open-meeting-link"),
    path("m/<str:token>/calendar.ics", views.calendar_file, name="meeting-calendar"),
    path("meeting/", views.meeting_page, name="meeting"),
    path("meeting/move/", views_after.move_page, name="meeting-move"),
    path("meeting/after/", views_after.after_page, name="meeting-after"),
    path("meeting/leave/", leaving.receive_leaving, name="meeting-leave"),
    path("meeting/uploads/", uploads.begin, name="meeting-uploads"),
    path("meeting/uploads/<uuid:upload_id>/", uploads.one, name="meeting-upload"),
    path("consultations/", views.board_page, name="consultations"),
    path("consultations/<uuid:session_id>/", views.desk_page, name="consultation"),
    path("consultations/<uuid:session_id>/uploads/", uploads.begin_officers, name="consultation-uploads"),
    path("consultations/<uuid:session_id>/uploads/<uuid:upload_id>/", uploads.one_officers, name="consultation-upload"),
]
