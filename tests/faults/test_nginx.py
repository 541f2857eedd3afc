"""Faults of nginx, through which every page and socket comes: killed."""

from tests.faults.world import World


def test_nginx_killed_brings_sockets_back_while_media_go_on(world: World) -> None:
    # Switch: autorestart=false in config/services/supervisor/program.conf, or workers that keep the port
    # (master_process on in config/services/nginx/nginx.conf).
    stream, victim = world.stream(), world.pid("nginx")
    stalls = "SELECT count(*) FROM herts.audit_entry WHERE act = 'stream.end'"
    before = world.sql(stalls)
    died = world.kill("nginx")
    world.await_unsure(5, died)
    world.await_restart("nginx", victim)
    world.await_live(10, died)
    assert world.stream() == stream
    assert world.sql(stalls) == before, "no picture ended"
    world.await_fixes(6)
