"""Faults of Redis, which holds nothing that is true: killed (it comes back empty)."""

from tests.conftest import wait_until
from tests.faults.world import World

SEQ = "herts:seq:console"


def test_redis_killed_and_empty_again_leaves_no_stale_screen(world: World) -> None:
    # Switch: without `Topics.are_complete` (and the socket's end when its pong cannot be sent) the page would go on
    # showing what it knew, for the numbers begin again at 0 and no broadcast reaches it.
    session, stream, victim = world.session_id, world.stream(), world.pid("redis")
    died = world.kill("redis")
    world.await_restart("redis", victim)
    wait_until(world.stack.program("redis").is_ready, 5)
    world.await_unsure(10, died)
    world.await_live(10, died)
    world.await_fixes(6)
    assert world.session_id == session
    assert world.stream() == stream, "the picture went on without Redis"
    wait_until(lambda: world.sql("SELECT count(*) FROM herts.streams_watch WHERE ended_at IS NULL") == "1", 10)
