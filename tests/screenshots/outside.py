"""Pages for when something is not there: an address, and the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.screenshots.studio import Studio


def walk(studio: Studio) -> None:
    """Take the public's pages of errors, on a phone and at a desk."""
    page, desk = studio.phone().new_page(), studio.desk()
    page.goto(studio.system.url("/nowhere/"))
    studio.take(page, "error-not-found")
    desk.goto(studio.system.url("/nowhere/"))
    studio.take(desk, "error-not-found-desk")
    with _database_away(studio):
        page.goto(studio.system.url("/join/"))
        studio.take(page, "error-unavailable")


@contextmanager
def _database_away(studio: Studio) -> Iterator[None]:
    """Let nobody into the database, and put out who is there."""
    run, name = studio.system.stack.run_sql, studio.system.database
    run(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
    run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        yield
    finally:
        run(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
