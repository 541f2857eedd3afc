"""What every answer tells a browser beside the Content-Security-Policy: no device, no other site, no guessing."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

View = TypeVar("View", bound=Callable[..., HttpResponse])

PERMISSIONS = "Permissions-Policy"
# Browsers grant a page whatever is not named here; they ignore what they do not know.
FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)


def permissions_policy(*allowed: str) -> str:
    """Return the header that lets a page itself use ``allowed`` and denies every other feature, to its frames too."""
    unknown = set(allowed) - set(FEATURES)
    if unknown:
        raise ValueError(f"no such features: {', '.join(sorted(unknown))}")
    return ", ".join(f"{feature}=({'self' if feature in allowed else ''})" for feature in FEATURES)


NOTHING = permissions_policy()


def page_uses(*features: str) -> Callable[[View], View]:
    """Decorate a view whose page needs these features; a refusal gets none. Raises ``ValueError`` for unknown ones."""
    header = permissions_policy(*features)

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> HttpResponse:
            response = view(*args, **kwargs)
            if response.status_code == 200:
                response[PERMISSIONS] = header
            return response

        return cast(View, answer)

    return decorate


@sync_and_async_middleware
def headers_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Complete the headers of every answer, also of those that came before a force was known."""
    if not iscoroutinefunction(get_response):
        return lambda request: _complete(get_response(request))

    async def handle(request: HttpRequest) -> HttpResponseBase:
        return _complete(await get_response(request))

    return handle


def _complete(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault(PERMISSIONS, NOTHING)
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Embedder-Policy", settings.CROSS_ORIGIN_EMBEDDER_POLICY)
    response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
    return response
