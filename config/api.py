"""What the REST API says of itself: the signed-in user, the OpenAPI document and a page to read it."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from forces.views import give_proof, me

urlpatterns = [
    path("v1/me/", me, name="me"),
    path("v1/me/proof/", give_proof, name="give-proof"),
    path("v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
