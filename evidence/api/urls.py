"""Addresses of evidence under ``/api/v1/``."""

from django.urls import path

from evidence.api import views

urlpatterns = [
    path("items/", views.list_items, name="items"),
    path("items/<uuid:item_id>/", views.show_item, name="item"),
    path("items/<uuid:item_id>/files/<slug:role>/", views.play_item, name="item-file"),
    path("items/<uuid:item_id>/hold/", views.HoldView.as_view(), name="item-hold"),
    path("retention/due/", views.list_due, name="retention-due"),
]
