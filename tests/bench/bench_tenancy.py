"""What the tenancy law costs: a view with five queries, ours against Django's plain Postgres backend."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.services.stack import Stack
from tests.bench.report import Figure, report
from tests.databases import copy_database, drop_database, ensure_template

PAIRS, REQUESTS = 40, 60
GOAL = 1.15
ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Measure in turn and report."""
    with Stack.start(parts={"postgres", "redis"}) as stack:
        os.environ.update(stack.environment)
        ensure_template(stack)
        database = copy_database(stack)
        os.environ["SIGHTLINE_DB_NAME"] = database
        try:
            report("tenancy", _measure(stack, database))
        finally:
            drop_database(stack, database)


def _measure(stack: Stack, database: str) -> list[Figure]:
    ours = _our_batch()
    atomic, plain = (Peer(stack, database, mode) for mode in ("1", "0"))
    try:
        for batch in (ours, atomic.ask, plain.ask):  # warm up
            batch(REQUESTS)
        rows = [(ours(REQUESTS), atomic.ask(REQUESTS), plain.ask(REQUESTS)) for _ in range(PAIRS)]
    finally:
        atomic.stop()
        plain.stop()
    mine, in_transaction, autocommit = (tuple(column) for column in zip(*rows, strict=True))
    return [
        Figure("p50", "ms", "plain Django, pool, ATOMIC_REQUESTS", GOAL, mine, in_transaction),
        Figure("p50_autocommit", "ms", "plain Django, pool, no transaction", GOAL, mine, autocommit),
    ]


def _our_batch() -> Callable[[int], float]:
    import django

    django.setup()
    from django.conf import settings
    from django.http import HttpRequest, JsonResponse
    from django.test import Client
    from django.urls import path

    from forces.accounts.models import User

    def five_queries(request: HttpRequest) -> JsonResponse:
        found = [list(User.objects.filter(role=role).values_list("username")) for role in ("operator",) * 5]
        return JsonResponse({"rows": sum(map(len, found))})

    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": [path("", five_queries)]})
    settings.MIDDLEWARE = ["forces.middleware.force_middleware"]
    client = Client(headers={"host": "herts.localhost"})

    def batch(requests: int) -> float:
        times = []
        for _ in range(requests):
            begun = time.perf_counter()
            answer: Any = client.get("/")
            assert answer.json()["rows"] == 5
            times.append((time.perf_counter() - begun) * 1000)
        return statistics.median(times)

    return batch


class Peer:
    """The peer's process; ``ask`` runs a batch and returns its median in ms."""

    def __init__(self, stack: Stack, database: str, atomic: str) -> None:
        from django.conf import settings

        from forces.postgres.logins import login_of, password_of

        login = login_of("herts")
        where = {
            "PEER_NAME": database,
            "PEER_HOST": stack.environment["SIGHTLINE_DB_HOST"],
            "PEER_PORT": stack.environment["SIGHTLINE_DB_PORT"],
            "PEER_USER": login,
            "PEER_PASSWORD": password_of(login, stack.environment["SIGHTLINE_DB_KEY"]),
            "PEER_POOL_SIZE": str(settings.DB_POOL_SIZE),
            "PEER_ATOMIC": atomic,
        }
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/bench/peers/plain_django.py")],
            env={"PATH": os.environ["PATH"], **where},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, requests: int) -> float:
        """Run ``requests`` requests."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{requests}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(timeout=10)


if __name__ == "__main__":
    main()
