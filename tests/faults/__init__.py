"""Parts of the running system are killed or frozen during a live session; afterwards all is true again, unaided.

Sixteen faults: SIGKILL of Redis, Postgres, nginx, Janus (twice), the watchdog, the scheduler, the worker (while it sends and
while it seals) and a caller's phone; SIGSTOP of Janus, Postgres, Redis and a phone; a full disk under recordings; evidence
that cannot be written; a clock that is wrong. Each test names the switch that would make it fail.
"""
