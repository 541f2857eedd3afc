"""Notices, and phones that are subscribed, made through the services that make them in earnest."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from forces.actors import Actor
from streams.models import Notice, PushSubscription
from streams.services.notices import notify_officer_on_commit
from streams.services.push_subscriptions import NewSubscription, push_key, subscribe
from tests.factories.streams import NOW
from tests.fakes.push_service import Browser, FakePushService


def make_phone(
    service: FakePushService, actor: Actor, *, now: datetime = NOW, sign_in_id: UUID | None = None
) -> Browser:
    """Return a browser of an officer's that has turned alerts on."""
    browser = service.subscribe(push_key(actor=actor) or "")
    subscribe(actor=actor, now=now, sign_in_id=sign_in_id, given=NewSubscription(**browser.subscription))
    return browser


def make_notice(
    actor: Actor, *, now: datetime = NOW, kind: str = "assignment", subject_id: UUID | None = None
) -> Notice:
    """Return what an officer is told."""
    return Notice.objects.get(pk=notify_officer_on_commit(actor.id, kind, subject_id, now=now))


def row_of(browser: Browser) -> PushSubscription | None:
    """Return what is kept of a browser."""
    return PushSubscription.objects.filter(endpoint=browser.endpoint).first()
