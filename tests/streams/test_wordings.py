"""Which words a caller is asked in: in production none that nobody has approved."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from forces.context import Unit
from forces.errors import NotFound
from streams.models import ConsentWording
from streams.selectors import find_wording
from streams.services.consent import WordingOutdated
from tests.factories.streams import NOW, consent, make_opened

pytestmark = pytest.mark.usefixtures("in_herts")


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in production."""
    monkeypatch.setattr(settings, "IS_PRODUCTION", True)


def _translate(**approval: Any) -> ConsentWording:
    """Make a Polish wording, with an approval or without one."""
    words = ConsentWording.objects.values(
        "title", "intro", "location_text", "video_text", "recording_text", "stop_text"
    )
    return ConsentWording.objects.create(version=1, language="pl", **words[0], **approval)


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("approval", [{}, {"approved_by": "Alex Reed"}, {"approved_at": NOW}])
def test_caller_in_production_is_asked_in_approved_words(approval: dict[str, Any]) -> None:
    _translate(**approval)

    assert find_wording("pl").language == "en"


@pytest.mark.usefixtures("production")
def test_caller_in_production_consents_to_unapproved_words_refused(in_herts: Unit) -> None:
    caller = make_opened()
    ConsentWording.objects.update(approved_at=None)

    with pytest.raises(NotFound):
        find_wording("en")
    with pytest.raises(WordingOutdated):
        consent(caller)


@pytest.mark.usefixtures("production")
def test_caller_in_production_is_asked_in_the_own_language_once_a_force_approved_it() -> None:
    _translate(approved_by="Alex Reed", approved_at=NOW)

    assert find_wording("pl").language == "pl"
    assert consent(make_opened())["scopes"]


def test_demonstration_shows_words_before_they_are_approved() -> None:
    _translate()

    assert find_wording("pl").language == "pl"
