"""REST of an officer's phone that is told things while no page of theirs is open."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from forces import clock
from forces.messaging.push_services import LONGEST
from streams.api.serializers import Body
from streams.api.views import ERRORS, actor_of, checked
from streams.services import push_subscriptions

_BASE64URL = r"^[A-Za-z0-9_-]+$"
TAGS = ["officers"]


class EndpointInput(Body):
    """Which browser; its address stands in a body only, since it is the key to it."""

    endpoint = serializers.CharField(max_length=LONGEST)


class SubscriptionInput(EndpointInput):
    """A browser as `PushSubscription.toJSON` writes it, its keys beside the address."""

    p256dh = serializers.RegexField(_BASE64URL, max_length=100)
    auth = serializers.RegexField(_BASE64URL, max_length=32)


class PushKeyView(Body):
    """What to subscribe for; null: nothing is pushed here."""

    public_key = serializers.CharField(allow_null=True)


class PushSubscriptions(APIView):
    """The browsers of the officer who is signed in."""

    @extend_schema(tags=TAGS, responses={200: PushKeyView, **ERRORS})
    def get(self, request: Request) -> Response:
        """Return our public key."""
        return Response({"public_key": push_subscriptions.push_key(actor=actor_of(request))})

    @extend_schema(tags=TAGS, request=SubscriptionInput, responses={200: None, 201: None, **ERRORS})
    def post(self, request: Request) -> Response:
        """Keep this browser, or confirm it."""
        given = push_subscriptions.NewSubscription(**checked(SubscriptionInput, request.data))
        sign_in = getattr(request._request.user, "sign_in", None)
        is_new = push_subscriptions.subscribe(
            actor=actor_of(request), now=clock.now(), sign_in_id=sign_in.pk if sign_in else None, given=given
        )
        return Response(status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    @extend_schema(tags=TAGS, request=EndpointInput, responses={204: None, **ERRORS})
    def delete(self, request: Request) -> Response:
        """Forget this browser."""
        given = checked(EndpointInput, request.data)
        push_subscriptions.unsubscribe(actor=actor_of(request), endpoint=given["endpoint"])
        return Response(status=status.HTTP_204_NO_CONTENT)
