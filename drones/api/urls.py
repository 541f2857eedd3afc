"""Addresses of drones under /api/v1/."""

from __future__ import annotations

from django.urls import path

from drones.api import sight, views

urlpatterns = [
    path("aircraft/", views.Fleet.as_view()),
    path("pilots/", views.Pilots.as_view()),
    path("flights/", views.Flights.as_view()),
    path("flights/log/", views.FlightLog.as_view()),
    path("flights/<uuid:session_id>/", views.FlightDetail.as_view()),
    path("flights/<uuid:session_id>/launch/", views.LaunchFlight.as_view()),
    path("flights/<uuid:session_id>/land/", views.LandFlight.as_view()),
    path("flights/<uuid:session_id>/ground/", sight.Ground.as_view()),
    path("flights/<uuid:session_id>/in-view/", sight.InView.as_view()),
    path("flights/<uuid:session_id>/track/", sight.Track.as_view()),
]
