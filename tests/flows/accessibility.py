"""axe-core over a page as it stands: what people who see, hear or move differently would stumble over."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "web/node_modules/axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """async (tags) => {
    const { violations } = await window.axe.run(document, { runOnly: { type: "tag", values: tags } });
    return violations.map(({ id, impact, help, nodes }) => ({
        id, impact, help,
        nodes: nodes.map((node) => `${node.html.slice(0, 160)} -> ${node.any[0]?.message ?? node.failureSummary}`),
    }));
}"""
DARK_AND_LIGHT = ("dark", "light")


def violations(page: Page, *ignored: str) -> list[str]:
    """Return what is wrong on the page, one text per element; rules named in ``ignored`` are not asked."""
    page.evaluate("() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))")
    page.evaluate(AXE.read_text() + ";null")
    found: list[dict[str, Any]] = page.evaluate(RUN, list(RULES))
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {node}"
        for rule in found
        if rule["id"] not in ignored
        for node in rule["nodes"]
    ]


def assert_accessible(page: Page, where: str, *ignored: str) -> None:
    """Fail with every violation of the page; ``where`` says which page, in which state, was looked at."""
    found = violations(page, *ignored)
    assert found == [], f"{where} at {page.url}:\n" + "\n".join(found)


def assert_accessible_in_both_themes(page: Page, where: str, *ignored: str) -> None:
    """The same on dark and on light ground, as the browser's own preference asks for."""
    for scheme in DARK_AND_LIGHT:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        page.wait_for_timeout(200)
        assert_accessible(page, f"{where}, {scheme}", *ignored)
