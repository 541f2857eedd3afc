"""How long the control room waits for the nearest ten of 2,500 officers with a skill, through the real HTTP door.

Beside it, in turn, the bare search by place in the same Redis, without filter, names, rights or audit.
"""

import asyncio
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator

import django
import httpx

from config.services.stack import Stack
from tests.bench.measuring import ROUNDS
from tests.bench.report import Amount, report
from tests.databases import copy_database, drop_database

OFFICERS, NEAREST, GOAL_MS = 2_500, 10, 20.0
REQUESTS = ROUNDS * 20  # of each kind, in turn
WARM_UP = 40
SEED = 20_261_127
# A county of some 60 by 60 kilometres; two of three are available, one of sixteen has the skill.
SOUTH, WEST, DEGREES_NORTH, DEGREES_EAST = 51.6, -0.75, 0.54, 0.87
SKILL = "dog"
TOKEN = "b" * 32

Place = tuple[float, float]


def main() -> None:
    """Measure in turn and report."""
    with Stack.start(parts={"postgres", "redis"}) as stack:
        database = copy_database(stack)
        os.environ.update(stack.environment | {"SIGHTLINE_DB_NAME": database})
        django.setup()
        try:
            ours, bare = _measure(stack, database)
        finally:
            drop_database(stack, database)
    p99 = [statistics.quantiles(taken, n=100)[98] for taken in (ours, bare)]
    p50 = [statistics.median(taken) for taken in (ours, bare)]
    peer = "bare Redis GEOSEARCH of the nearest ten"
    print(f"{len(ours)} requests of each kind, medians {p50[0]:.2f} and {p50[1]:.2f} ms")
    report("nearest", [], [Amount("p99", "ms", GOAL_MS, (p99[0],), peer, (p99[1],))])


def _measure(stack: Stack, database: str) -> tuple[list[float], list[float]]:
    """Return the milliseconds of every request of ours, and of every bare search."""
    from forces.context import ForceRef, in_force
    from tests.streams.web_process import running_web

    chance = random.Random(SEED)
    in_force(ForceRef("herts", "Hertfordshire Constabulary"), _make_officers, chance)
    stack.run_sql("ANALYZE", database=database)  # as the database itself does soon after such a change
    with running_web(stack, database) as web:
        cookies = f"{asyncio.run(web.sign_in())}; sl_csrf={TOKEN}"
        headers = {"Host": web.host, "Cookie": cookies, "X-CSRFToken": TOKEN}
        with httpx.Client(base_url=f"http://127.0.0.1:{web.port}", headers=headers, timeout=10) as client:
            kinds = (lambda place: _ask(client, place), _search)
            rows = [[_timed(kind, place) for kind in kinds] for place in _places(chance, WARM_UP + REQUESTS)]
    ours, bare = zip(*rows[WARM_UP:], strict=True)
    return list(ours), list(bare)


def _make_officers(chance: random.Random) -> None:
    from forces import clock
    from forces.accounts.models import OfficerProfile, User
    from streams.live_officers import OfficerFix
    from streams.models import Shift
    from tests.factories.officers import keep_fixes

    now = clock.now()
    users = User.objects.bulk_create(
        User(username=f"bench{n}", first_name="Officer", last_name=str(n), role="officer") for n in range(OFFICERS)
    )
    OfficerProfile.objects.bulk_create(
        OfficerProfile(user=user, collar_number=str(n), skills=[SKILL, "taser"] if n % 16 == 0 else ["taser"])
        for n, user in enumerate(users)
    )
    Shift.objects.bulk_create(
        Shift(
            user_id=str(user.pk),
            user_name=user.display_name,
            status="available" if chance.random() < 2 / 3 else "at_scene",
            status_at=now,
            began_at=now,
        )
        for user in users
    )
    places = zip(users, _places(chance, OFFICERS), strict=True)
    keep_fixes({str(user.pk): OfficerFix(*place, 10, fixed_at=now, received_at=now) for user, place in places})


def _places(chance: random.Random, count: int) -> Iterator[Place]:
    for _ in range(count):
        yield SOUTH + chance.random() * DEGREES_NORTH, WEST + chance.random() * DEGREES_EAST


def _timed(act: Callable[[Place], int], place: Place) -> float:
    begun = time.perf_counter()
    found = act(place)
    taken = (time.perf_counter() - begun) * 1000
    assert found == NEAREST
    return taken


def _ask(client: httpx.Client, place: Place) -> int:
    latitude, longitude = place
    body = {"latitude": latitude, "longitude": longitude, "skills": [SKILL], "limit": NEAREST}
    answer = client.post("/api/v1/officers/nearest/", json=body)
    assert answer.status_code == 200, answer.text
    return len(answer.json()["officers"])


def _search(place: Place) -> int:
    from forces.dispatch import redis_client
    from streams.live_officers import geo_key

    found = redis_client().geosearch(
        geo_key("herts"),
        longitude=place[1],
        latitude=place[0],
        radius=320_000,
        unit="m",
        sort="ASC",
        count=NEAREST,
        withdist=True,
    )
    return len(found)


if __name__ == "__main__":
    main()
