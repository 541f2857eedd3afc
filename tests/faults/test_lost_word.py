"""The media server's word that pictures began or ceased is lost: its statistics put the control room's list right."""

from tests.conftest import wait_until
from tests.faults.world import World

# Two statistics of every five seconds, the first of which may come just before the change; and time to handle them.
CORRECTED_S = 20.0
LOST_S = 5.0


def _listed(world: World) -> str:
    """Return the stream's state in the list that every console shows."""
    state: str = world.get().json()[0]["stream"]["state"]
    return state


def _forget(world: World, stream_id: str, *, state: str, stalled_at: str, reason: str, layers: int) -> None:
    """Make the row what it would be without the media server's last word."""
    columns = f"state = '{state}', stalled_at = {stalled_at}, stall_reason = '{reason}', layers = {layers}"
    world.sql(f"UPDATE herts.streams_stream SET {columns} WHERE id = '{stream_id}'")
    assert _listed(world) == state


def test_word_that_pictures_ceased_is_lost_list_is_put_right(world: World) -> None:
    # Switch: without `_take_traffic` in signalling/events.py the list says live for as long as the phone hangs.
    stream_id = world.stream().split("|")[0]
    layers = f"SELECT layers FROM herts.streams_stream WHERE id = '{stream_id}'"
    with world.stopped(world.caller.pid):
        wait_until(lambda: "|stalled|" in world.stream(), LOST_S, why=world.stream)
        _forget(world, stream_id, state="live", stalled_at="NULL", reason="", layers=1)
        wait_until(lambda: _listed(world) == "stalled", CORRECTED_S, why=world.stream)
        assert world.sql(layers) == "0"
    world.await_live(10)
    assert world.stream().split("|")[0] == stream_id


def test_word_that_pictures_arrive_again_is_lost_list_is_put_right(world: World) -> None:
    # Switch: the same; the picture is there, and the list says for ever that nothing arrives.
    stream_id = world.stream().split("|")[0]
    _forget(world, stream_id, state="stalled", stalled_at="now()", reason="silent", layers=0)
    wait_until(lambda: _listed(world) == "live", CORRECTED_S, why=world.stream)
    world.await_live(5)
    assert world.stream().split("|")[0] == stream_id
