"""Addresses of the platform, which sees no force's data."""

from django.urls import path

from forces import views
from forces.accounts.urls import urlpatterns as account_pages
from forces.platform_admin import platform_site

urlpatterns = [
    path("", views.platform_page, name="platform"),
    *account_pages,
    path("admin/", platform_site.urls),
]

handler404 = "forces.views.page_not_found"
handler500 = "forces.views.server_error"
