"""Every door has a case, every case a door, and the page that shows them is what the cases say."""

import re
from collections.abc import Collection
from pathlib import Path

import pytest
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.urls import urlpatterns
from forces.views import page_not_found
from tests.isolation import cases, consultations, frames
from tests.isolation.doors import every_door, http_doors
from tests.isolation.matrix import PAGE, render

ROOT = Path(__file__).resolve().parents[1]
CASES: dict[str, Collection[str]] = {
    "force": cases.FORCE,
    "platform": cases.PLATFORM,
    "machine": cases.MACHINE,
    "force admin": cases.FORCE_ADMIN_MODELS,
    "platform admin": cases.PLATFORM_ADMIN_MODELS,
    "caller socket": frames.CALLER,
    "console socket": frames.CONSOLE,
    "officer socket": frames.OFFICER,
    "agency socket": frames.AGENCY,
    "meeting socket": consultations.MEETING,
    "desk socket": consultations.DESK,
    "telemetry socket": frames.TELEMETRY,
}


@pytest.mark.parametrize("place", list(CASES))
def test_every_door_has_a_case_and_every_case_a_door(place: str) -> None:
    assert sorted(CASES[place]) == every_door()[place]


def test_new_door_is_found_wherever_it_is_put() -> None:
    class Hatch(APIView):
        def get(self, request: Request) -> Response:
            return Response()

        def delete(self, request: Request) -> Response:
            return Response()

    below = [path("hatch/<int:number>/", Hatch.as_view()), path("page/", page_not_found)]
    hidden = [path("new/", include(below))]
    found = set(http_doors((*urlpatterns, *hidden))) - set(cases.FORCE)
    assert found == {"GET new/hatch/<int:number>/", "DELETE new/hatch/<int:number>/", "new/page/"}


def test_tests_that_cases_refer_to_exist() -> None:
    named = {case.elsewhere for case in cases.FORCE.values()} | set(cases.MACHINE.values())
    named |= set(frames.TELEMETRY.values())
    written = set()
    for file in ROOT.rglob("test_*.py"):
        written |= set(re.findall(r"def (test_\w+)", file.read_text()))
    assert named - {""} <= written


def test_page_of_doors_is_what_the_cases_say() -> None:
    assert PAGE.read_text() == render(), "run `make doors`"
