"""The peer: a view with five queries on Django's own Postgres backend with its psycopg pool. Imports nothing of ours.

Reads a number of requests per line from standard input and answers each line with the median time in ms.
"""

import os
import statistics
import sys
import time

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

WHERE = {key: os.environ[f"PEER_{key}"] for key in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}

settings.configure(
    SECRET_KEY="peer",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            **WHERE,
            "ATOMIC_REQUESTS": os.environ["PEER_ATOMIC"] == "1",
            "OPTIONS": {
                "pool": {"min_size": 0, "max_size": int(os.environ["PEER_POOL_SIZE"]), "max_idle": 60},
                "options": "-c search_path=herts,public",
            },
        }
    },
)
django.setup()

from django.db import models  # noqa: E402 - settings first
from django.test import Client  # noqa: E402


class User(models.Model):
    """The same table that ours reads."""

    objects: models.Manager["User"] = models.Manager()
    username = models.CharField(max_length=150)
    role = models.CharField(max_length=16)

    class Meta:
        """Made by somebody else."""

        app_label = "contenttypes"
        db_table = "accounts_user"
        managed = False


def five_queries(request: HttpRequest) -> HttpResponse:
    """Answer with the number of rows five simple queries found."""
    found = [list(User.objects.filter(role=role).values_list("username")) for role in ("operator",) * 5]
    return JsonResponse({"rows": sum(map(len, found))})


urlpatterns = [path("", five_queries)]


def main() -> None:
    """Serve batches until standard input ends."""
    client = Client()
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            begun = time.perf_counter()
            assert client.get("/").json()["rows"] == 5
            times.append((time.perf_counter() - begun) * 1000)
        print(statistics.median(times), flush=True)


if __name__ == "__main__":
    main()
