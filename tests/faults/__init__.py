"""Parts of the running system are killed or frozen during a live session; afterwards all is true again, unaided.

Nineteen faults. SIGKILL: Redis, Postgres, nginx, Janus (twice), the watchdog, the scheduler, the worker (while it sends
and while it seals), a caller's phone. SIGSTOP: Janus, Postgres (for a moment, and for long), Redis, a phone. Beside
them: a full disk, evidence that cannot be written, a clock that is behind, and one that is ahead. Each test names the
switch without which it fails.
"""
