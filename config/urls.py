"""Addresses of a force."""

from django.urls import include, path, re_path

from consultations.api.urls import urlpatterns as consultations_api
from consultations.urls import urlpatterns as consultation_pages
from drones.api.telemetry import receive_telemetry
from drones.api.urls import urlpatterns as drones_api
from evidence.api.urls import urlpatterns as evidence_api
from forces.accounts.urls import urlpatterns as account_pages
from forces.admin import force_site
from forces.audit.api.urls import urlpatterns as audit_api
from streams import agency_views, views
from streams.api import uploads, whip
from streams.api.leaving import receive_leaving
from streams.api.stills import receive_officers_still, receive_still
from streams.api.urls import urlpatterns as streams_api

urlpatterns = [
    path("", views.console_page, name="console"),
    *account_pages,
    path("i/<str:token>/", views.invitation_page, name="invitation"),
    path("i/<str:token>/open/", views.open_invitation, name="open-invitation"),
    path("agency/code/", agency_views.code_page, name="agency-code"),
    path("agency/code/new/", agency_views.new_code, name="agency-new-code"),
    path("agency/live/", agency_views.live_page, name="agency-live"),
    path("agency/<str:token>/", agency_views.link_page, name="agency"),
    path("agency/<str:token>/open/", agency_views.open_link, name="agency-open"),
    path("join/", views.join_page, name="join"),
    path("live/", views.caller_page, name="caller"),
    path("live/leave/", receive_leaving, name="leave"),
    path("live/stills/", receive_still, name="stills"),
    path("live/uploads/", uploads.begin, name="uploads"),
    path("live/uploads/<uuid:upload_id>/", uploads.one, name="upload"),
    path("live/receipt/", views.receipt_page, name="receipt"),
    path("officer/", views.officer_page, name="officer"),
    path("officer/worker.js", views.officer_worker, name="officer-worker"),
    path("officer/stills/", receive_officers_still, name="officer-stills"),
    *consultation_pages,
    path("goodbye/", views.goodbye_page, name="goodbye"),
    # With and without the slash: a redirect would make a GET of the POST.
    re_path(r"^whip/?$", whip.endpoint, name="whip"),
    path("whip/<uuid:resource_id>", whip.resource, name="whip-resource"),
    re_path(r"^telemetry/?$", receive_telemetry, name="telemetry"),
    path("admin/", force_site.urls),
    path("api/", include("config.api")),
    path("api/v1/", include([*streams_api, *drones_api, *consultations_api, *evidence_api, *audit_api])),
]

handler404 = "forces.views.page_not_found"
handler500 = "forces.views.server_error"
