"""Workers. The row is the truth and a task a hint, so nothing here stores results."""

import os
from typing import Any

from celery.schedules import crontab

CELERY_BROKER_URL = os.environ.get("SIGHTLINE_REDIS_WORKER_URL") or os.environ["SIGHTLINE_REDIS_URL"]
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_ROUTES = {
    "forces.tasks.provision_force": {"queue": "provisioning"},
    "forces.tasks.provision_requested": {"queue": "provisioning"},
}
CELERY_TASK_SOFT_TIME_LIMIT = 3_300
CELERY_TASK_TIME_LIMIT = 3_600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that hangs must not hold whoever has committed: what is not sent now is found by its sweep.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3_900,
    "socket_timeout": 1.0,
    "socket_connect_timeout": 1.0,
    "health_check_interval": 5,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.0, "interval_step": 0.1, "interval_max": 0.1}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/London"


def _every(seconds: float, task: str) -> dict[str, Any]:
    return {
        "task": "forces.tasks.fan_out",
        "schedule": seconds,
        "kwargs": {"task": task, "expires": seconds},
        "options": {"expires": seconds},
    }


CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "provision": {
        "task": "forces.tasks.provision_requested",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "staff-sign-ins": {
        "task": "forces.tasks.end_overdue_staff_sign_ins",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "sign-ins": _every(60, "forces.tasks.end_overdue_sign_ins"),
    "deliver": _every(10, "streams.tasks.deliver_due"),
    "expire": _every(30, "streams.tasks.expire_sessions"),
    "uploads": _every(60, "streams.tasks.sweep_uploads"),
    "live-stills": _every(60, "streams.tasks.sweep_live_stills"),
    "duty": _every(3_600, "streams.tasks.erase_duty"),
    "telemetry": _every(3_600, "drones.tasks.erase_telemetry"),
    "push": _every(10, "streams.tasks.push_due"),
    "notices": _every(600, "streams.tasks.sweep_notices"),
    "consult-messages": _every(10, "consultations.tasks.messages_due"),
    "consult-expire": _every(60, "consultations.tasks.expire"),
    "seal": _every(30, "evidence.tasks.seal_due"),
    "erase": {
        "task": "forces.tasks.fan_out",
        "schedule": crontab(hour="3", minute="10"),
        "kwargs": {"task": "evidence.tasks.erase_due", "expires": 3_600.0},
    },
    "forget-asked-words": {
        "task": "forces.tasks.fan_out",
        "schedule": crontab(hour="3", minute="40"),
        "kwargs": {"task": "streams.tasks.forget_asked_words", "expires": 3_600.0},
    },
}
