"""How a picture is shown to another force, step by step: the operator's dialog, by the keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

PURPOSE = "Pursuit towards Luton"
# Looks at a page on the way, as for accessibility; it is told what the page is.
Look = Callable[[Page, str], None]


def _at_nothing(page: Page, what: str) -> None:
    """Go on without looking."""


def share_with_beds(owner: Page, *, has_recording: bool = False, look: Look = _at_nothing) -> None:
    """Share with Bedfordshire, messages and all, from the button to the dialog's end."""
    owner.get_by_test_id("share").focus()
    owner.keyboard.press("Enter")
    dialog = owner.get_by_test_id("share-dialog")
    expect(dialog).to_be_visible()
    look(owner, "the dialog of sharing")
    owner.get_by_role("radio", name="Bedfordshire Police").focus()
    owner.keyboard.press("Space")
    owner.get_by_test_id("share-purpose").focus()
    owner.keyboard.type(PURPOSE)
    expect(owner.get_by_test_id("share-live-only")).to_be_checked()
    if has_recording:
        owner.get_by_test_id("share-live-only").focus()
        owner.keyboard.press("ArrowDown")
        expect(owner.get_by_test_id("share-recording")).to_be_checked()
    owner.get_by_test_id("share-chat").focus()
    owner.keyboard.press("Space")
    owner.get_by_test_id("share-send").focus()
    owner.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    line = owner.get_by_test_id("share-line")
    expect(line).to_contain_text("Shared with Bedfordshire Police until")
    expect(line).to_contain_text("live and the recording" if has_recording else "live only")
