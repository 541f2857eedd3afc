"""Celery tasks of a force: the force comes in the header and in an argument, and both must agree."""

import logging
from collections.abc import Callable
from typing import Any

from celery import Task, shared_task

from forces import clock
from forces.accounts import sign_ins
from forces.actors import Actor
from forces.context import ForceRef, in_force, in_platform
from forces.logs import force_var
from forces.selectors import active_forces, find_force

log = logging.getLogger(__name__)

# The only tasks that see ``public``; a test holds the list.
PLATFORM_TASKS = (
    "forces.tasks.fan_out",
    "forces.tasks.provision_force",
    "forces.tasks.provision_requested",
    "forces.tasks.end_overdue_staff_sign_ins",
)


class ForceMissing(RuntimeError):
    """A force task came without a force, or with two different ones."""


class ForceTask(Task):  # type: ignore[type-arg]  # the run signature differs per task
    """Base of every force task."""

    abstract = True

    def admit(self, force: str) -> ForceRef:
        """Return the active force that header and argument name; raises ``ForceMissing`` or ``NotFound``."""
        headers = self.request.headers or {}
        header = headers.get("force") or getattr(self.request, "force", None)
        if not force or header != force:
            raise ForceMissing(f"{self.name}: header {header!r}, argument {force!r}")
        ref = find_force(force)
        force_var.set(ref.schema)
        return ref


def force_task(name: str, **options: Any) -> Callable[[Callable[..., None]], Any]:
    """Register ``fn(force, **kwargs)`` as the force task ``name``. ``fn`` enters its force itself, per unit."""

    def register(fn: Callable[..., None]) -> Any:
        @shared_task(name=name, base=ForceTask, bind=True, **options)
        def run(self: ForceTask, *, force: str = "", **kwargs: Any) -> None:
            fn(self.admit(force), **kwargs)

        run.__doc__ = fn.__doc__
        return run

    return register


@force_task("forces.tasks.end_overdue_sign_ins")
def end_overdue_sign_ins(force: ForceRef) -> None:
    """End sign-ins that were idle or open for too long; each is refused from that moment on, swept or not."""
    in_force(force, sign_ins.end_overdue_sign_ins, actor=Actor.system("sweep"), now=clock.now())


@shared_task(name="forces.tasks.end_overdue_staff_sign_ins")
def end_overdue_staff_sign_ins() -> None:
    """The same for platform staff, whose sign-ins are rows of ``public``."""
    in_platform(sign_ins.end_overdue_sign_ins, actor=Actor.system("sweep"), now=clock.now())


@shared_task(name="forces.tasks.fan_out")
def fan_out(*, task: str, expires: float) -> None:
    """Send the force task ``task`` to every active force; it is worthless ``expires`` seconds later."""
    from forces.dispatch import send_force_task

    for force in active_forces():
        send_force_task(force, task, {}, expires=expires)


@shared_task(name="forces.tasks.provision_requested")
def provision_requested() -> None:
    """Find requested and half-built forces again; runs in the provisioning worker, which holds the owner role."""
    from forces.services.provisioning import provision, unfinished

    for schema in unfinished():
        provision(schema)


@shared_task(name="forces.tasks.provision_force")
def provision_force(*, schema: str) -> None:
    """Build one requested force."""
    from forces.services.provisioning import provision

    provision(schema)
