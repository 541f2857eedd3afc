"""Addresses of the auditors' REST under ``/api/v1/``."""

from django.urls import path

from forces.audit.api import views

urlpatterns = [
    path("audit/entries/", views.EntriesView.as_view(), name="audit-entries"),
    path("audit/chain/", views.ChainView.as_view(), name="audit-chain"),
]
