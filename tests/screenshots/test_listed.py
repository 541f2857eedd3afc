"""The pictures that are kept, and the page that lists them."""

import re

from tests.screenshots.__main__ import DOCUMENTS


def test_reader_of_the_documents_finds_every_picture_and_no_other() -> None:
    text = (DOCUMENTS.parent / "pages.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"\(screenshots/([a-z0-9-]+)\.png\)", text))
    assert listed == {path.stem for path in DOCUMENTS.glob("*.png")}


def test_pictures_are_small_enough_to_be_kept() -> None:
    assert sum(path.stat().st_size for path in DOCUMENTS.iterdir()) < 6_000_000
