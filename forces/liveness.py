"""A process says that it is alive: a key in Redis that expires when the process stops saying so."""

import logging
import threading

import redis
from celery.signals import worker_ready, worker_shutdown

from forces.dispatch import redis_client

log = logging.getLogger(__name__)

PERIOD_S = 5.0
EXPIRES_S = 20
_stop = threading.Event()


def say_alive(part: str) -> None:
    """Renew the sign of life of ``part`` (``worker``, ``watchdog``); a dead Redis is only logged."""
    try:
        redis_client().set(f"process:alive:{part}", "1", ex=EXPIRES_S)
    except redis.RedisError as error:
        log.warning("no sign of life left", extra={"part": part, "error": type(error).__name__})


def _keep_saying(part: str) -> None:
    while not _stop.is_set():
        say_alive(part)
        _stop.wait(PERIOD_S)


@worker_ready.connect
def _worker_ready(**kwargs: object) -> None:
    _stop.clear()
    threading.Thread(target=_keep_saying, args=("worker",), daemon=True, name="alive").start()


@worker_shutdown.connect
def _worker_shutdown(**kwargs: object) -> None:
    _stop.set()
