"""Force tasks: header and argument must agree, ``public`` is out of reach, every name sent is registered."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from celery import Task

from config.celery import app
from forces import clock
from forces.accounts.models import SignIn, User
from forces.accounts.sign_ins import begin_sign_in
from forces.actors import Actor
from forces.context import ForceRef, in_force, in_platform
from forces.errors import NotFound
from forces.postgres.base import NoForceActive
from forces.tasks import PLATFORM_TASKS, ForceMissing, ForceTask, end_overdue_staff_sign_ins, force_task

ROOT = Path(__file__).resolve().parents[2]
SENT = re.compile(r"(?:enqueue_on_commit|send_force_task|_every)\(\s*(?:[\w.]+,\s*)?(?:\d+,\s*)?\"([\w.]+)\"")

seen: list[tuple[str, int]] = []


@force_task("tests.count_people")
def count_people(force: ForceRef, **kwargs: object) -> None:
    """Note how many people the task's force has."""
    seen.append((force.schema, in_force(force, User.objects.count)))


@force_task("tests.careless")
def careless(force: ForceRef, **kwargs: object) -> None:
    """Query without entering the force."""
    User.objects.count()


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    seen.clear()


@pytest.mark.parametrize(
    ("header", "argument"), [(None, "herts"), ("herts", ""), ("herts", "beds"), ("", ""), (None, "public")]
)
def test_task_without_one_force_fails(header: str | None, argument: str) -> None:
    headers = {"force": header} if header is not None else {}
    with pytest.raises(ForceMissing):
        count_people.apply(kwargs={"force": argument}, headers=headers, throw=True)
    assert seen == []


@pytest.mark.parametrize("schema", ["public", "nowhere"])
def test_task_of_no_active_force_fails(schema: str) -> None:
    with pytest.raises(NotFound):
        count_people.apply(kwargs={"force": schema}, headers={"force": schema}, throw=True)
    assert seen == []


def test_task_runs_in_its_force() -> None:
    count_people.apply(kwargs={"force": "herts"}, headers={"force": "herts"}, throw=True)
    assert [schema for schema, _ in seen] == ["herts"]
    assert seen[0][1] >= 5


def test_task_that_enters_no_force_reads_nothing() -> None:
    with pytest.raises(NoForceActive):
        careless.apply(kwargs={"force": "herts"}, headers={"force": "herts"}, throw=True)


def _ours() -> dict[str, Task]:  # type: ignore[type-arg]
    app.loader.import_default_modules()
    return {
        name: task
        for name, task in app.tasks.items()
        if name.split(".")[0] in {"forces", "streams", "evidence", "drones", "consultations"}
    }


def test_every_task_is_a_force_task_but_the_listed() -> None:
    others = {name for name, task in _ours().items() if not isinstance(task, ForceTask)}
    assert others == set(PLATFORM_TASKS)


def test_every_name_sent_is_registered() -> None:
    sources = [
        path
        for folder in ("forces", "streams", "evidence", "drones", "consultations", "config")
        for path in (ROOT / folder).rglob("*.py")
    ]
    names = {name for path in sources for name in SENT.findall(path.read_text())}
    assert len(names) >= 5
    assert names <= set(_ours())


def test_staff_whose_sign_in_is_overdue_is_swept_and_a_present_one_is_not(copy_db: str) -> None:
    def begin(hours: int) -> UUID:
        user, then = User.objects.get(username="platform_admin"), clock.now() - timedelta(hours=hours)
        actor = Actor.system("tests")
        return begin_sign_in(actor=actor, now=then, user=user, has_second_factor=True).pk

    old, present = in_platform(begin, 13), in_platform(begin, 0)
    end_overdue_staff_sign_ins()
    ended = in_platform(lambda: dict(SignIn.objects.values_list("pk", "end_reason")))
    assert ended[old] != ""
    assert ended[present] == ""
