"""The Celery application; tasks are found in each app's ``tasks`` module."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from celery import Celery

app = Celery("sightline")
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["forces", "streams", "evidence", "drones", "consultations"])


@app.on_after_finalize.connect
def _connect_liveness(**kwargs: object) -> None:
    from forces import liveness  # noqa: F401 - connects its signals
