"""Every door of the system, found where the system itself finds them: URL resolver, admin sites, wire unions."""

from collections.abc import Iterator
from typing import Any, get_args

from django.contrib.admin import AdminSite
from django.urls import URLPattern, URLResolver, get_resolver

from consultations import wire as consultation_wire
from drones.telemetry.messages import TelemetryFrame
from streams import wire

METHODS = ("get", "post", "put", "patch", "delete")
ADMIN = "admin/"


def http_doors(urlconf: Any) -> list[str]:
    """Return "METHOD route" of each REST view and "route" of each page; an admin's own pages are `admin_doors`.

    `urlconf` is a module's name, or patterns as such a module has them.
    """
    return sorted(_doors(get_resolver(urlconf), ""))


def admin_doors(site: AdminSite) -> list[str]:
    """Return "app.model" of everything an admin site shows."""
    return sorted(model._meta.label_lower for model in site._registry)


def wire_doors(union: Any) -> list[str]:
    """Return the type of each frame of a socket."""
    return sorted(frame.__struct_config__.tag for frame in get_args(union))


def every_door() -> dict[str, list[str]]:
    """Return the doors by the place where they stand."""
    from forces.admin import force_site
    from forces.platform_admin import platform_site

    return {
        "force": http_doors("config.urls"),
        "platform": http_doors("config.public_urls"),
        "machine": http_doors("config.machine_urls"),
        "force admin": admin_doors(force_site),
        "platform admin": admin_doors(platform_site),
        "caller socket": wire_doors(wire.CallerFrame),
        "console socket": wire_doors(wire.ConsoleFrame),
        "officer socket": wire_doors(wire.OfficerFrame),
        "agency socket": wire_doors(wire.AgencyFrame),
        "meeting socket": wire_doors(consultation_wire.MeetingFrame),
        "desk socket": wire_doors(consultation_wire.DeskFrame),
        "telemetry socket": wire_doors(TelemetryFrame),
    }


def _doors(resolver: URLResolver, before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if route == ADMIN:
                yield ADMIN
            else:
                yield from _doors(pattern, route)
        else:
            yield from _methods(pattern, route)


def _methods(pattern: URLPattern, route: str) -> Iterator[str]:
    view = getattr(pattern.callback, "cls", None)
    if view is None:
        yield route
        return
    for method in METHODS:
        if method in view.http_method_names and hasattr(view, method):
            yield f"{method.upper()} {route}"
