"""Faults of Postgres, which holds what is true: its postmaster killed."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx

from tests.conftest import wait_until
from tests.faults.world import World

RETURNED_S = 5.0
API = ("/api/v1/sessions/", "application/json")
PAGE = ("/", "text/html")


def test_postgres_killed_loses_nothing_and_shows_no_broken_page(world: World) -> None:
    # Switch: without `max_idle` and the discarding of broken connections in forces/postgres/base.py, or without the
    # mapping of OperationalError in forces/middleware.py, requests after the return fail, or fail with 500.
    said = f"Stay where you are {uuid4().hex}"
    _say(world, said)
    stream, victim = world.stream(), world.pid("postgres")
    with ThreadPoolExecutor(2) as asking:
        asked = [asking.submit(_ask_for, world, *words) for words in (API, PAGE)]
        world.kill("postgres")
        world.await_restart("postgres", victim)
        wait_until(world.stack.program("postgres").is_ready, 15)
        returned = time.monotonic()
        wait_until(lambda: world.get().status_code == 200, RETURNED_S, why=lambda: world.get().text)
        world.await_live(RETURNED_S, returned)
        data, pages = (_refused(one.result()) for one in asked)
    assert {(answer.status_code, answer.json()["code"]) for answer in data} == {(503, "unavailable")}
    assert {answer.status_code for answer in pages} == {503}
    assert all("A part of the service is not reachable" in answer.text for answer in pages)
    assert world.sql(f"SELECT count(*) FROM herts.streams_chatmessage WHERE text = '{said}'") == "1"
    assert world.stream() == stream, "the picture went on without Postgres"
    world.await_fixes(6)
    assert world.system.manage("verify_audit").count("unbroken") == 4


def _say(world: World, text: str) -> None:
    """Send a message from the page; it shows there once the server has kept it."""
    world.page.get_by_test_id("chat-input").fill(text)
    world.page.get_by_test_id("chat-send").click()
    world.page.get_by_text(text).first.wait_for(timeout=5_000)


def _ask_for(world: World, path: str, accept: str) -> list[httpx.Response]:
    """Ask again and again for six seconds, from a thread of its own."""
    end, answers = time.monotonic() + 6, []
    while time.monotonic() < end:
        answers.append(world.get(path, accept))
        time.sleep(0.05)
    return answers


def _refused(answers: list[httpx.Response]) -> list[httpx.Response]:
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused, "nobody asked while it was gone"
    return refused
