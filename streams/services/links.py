"""A link's token and address. No token is stored: it is derived anew by whoever has the key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from forces.models import Domain
from streams.selectors import find_policy

TOKEN_CHARACTERS = 32  # of base64: 192 bits
_DEFAULT_PORTS = {("http", 80), ("https", 443)}


def token_of(schema: str, invitation_id: UUID, generation: int) -> str:
    """Return the token (32 URL-safe characters) of a link of the force `schema`."""
    text = f"{schema}:{invitation_id}:{generation}"
    digest = hmac.new(settings.LINK_KEY.encode(), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:TOKEN_CHARACTERS]


def hash_of(secret: str) -> str:
    """Return the SHA-256 (hex) of a token or a browser secret: all that is ever stored of one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def link_of(schema: str, token: str) -> str:
    """Return the address that a caller is sent. Never log it."""
    return f"{site_of(schema)}/i/{token}/"


def join_address_of(schema: str) -> str:
    """Return the address of the page that takes codes, as it is read out: host, port where it has one, and path."""
    return f"{site_of(schema).split('://')[1]}/join"


def link_expiry(now: datetime) -> datetime:
    """Return until when a link that is sent now may be opened."""
    return now + timedelta(minutes=find_policy().expires_minutes)


def site_of(schema: str) -> str:
    """Return scheme, host and port of a force's own site."""
    domains = Domain.objects.filter(tenant__schema_name=schema).order_by("-is_primary", "pk")
    host = domains.values_list("domain", flat=True).first() or f"{schema}.{settings.BASE_DOMAIN}"
    is_default = (settings.SCHEME, settings.PUBLIC_PORT) in _DEFAULT_PORTS
    port = "" if is_default else f":{settings.PUBLIC_PORT}"
    return f"{settings.SCHEME}://{host}{port}"
