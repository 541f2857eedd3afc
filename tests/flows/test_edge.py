"""The edge as a browser and a stranger meet it: policies that break no page, doors that are shut, logs without keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.flows.journey import open_incident_and_send, own_live_row, share_all
from tests.flows.system import System, sign_in

# Told by the browser itself, whatever the console says of it.
REMEMBER_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


class Listener:
    """Opens pages in one browser and keeps what they complain of."""

    def __init__(self, context: BrowserContext) -> None:
        context.add_init_script(REMEMBER_VIOLATIONS)
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)

    def visit(self, address: str) -> Page:
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def assert_content(self) -> None:
        """Fail with what was complained of so far, here and in the page's own list."""
        assert self.complaints == []
        assert self.page.evaluate("() => window.violations") == []

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text} {message.location.get('url', '')}")


@pytest.fixture
def listener(open_browser: Callable[..., BrowserContext]) -> Listener:
    """Listen to a desk's browser."""
    return Listener(open_browser(viewport={"width": 1440, "height": 900}))


def test_listener_hears_a_violation(system: System, listener: Listener) -> None:
    page = listener.visit(system.url("/sign-in/"))
    page.evaluate("() => { const tag = document.createElement('script'); tag.text = '1'; document.body.append(tag); }")
    page.evaluate("() => { document.body.setAttribute('onclick', '1'); }")
    with pytest.raises(AssertionError):
        listener.assert_content()
    told = page.evaluate("() => window.violations.map((line) => line.split(' ')[0])")
    assert told == ["script-src-elem", "script-src-attr"]
    assert len(listener.complaints) == len(told)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/accounts/user/",
        "/admin/accounts/user/add/",
        "/admin/streams/consentwording/",
        "/admin/streams/riskquestionset/",
        "/admin/streams/linkpolicy/",
        "/admin/accounts/apitoken/add/",
        "/api/v1/docs/",
    ],
)
def test_force_admin_opens_pages_without_violations(system: System, listener: Listener, path: str) -> None:
    sign_in(listener.page, system, "force_admin")
    page = listener.visit(system.url(path))
    expect(page.locator("body")).not_to_be_empty()
    listener.assert_content()


def test_force_admin_opens_a_change_form_without_violations(system: System, listener: Listener) -> None:
    sign_in(listener.page, system, "force_admin")
    listener.visit(system.url("/admin/accounts/user/"))
    listener.page.locator("#result_list tbody th a").first.click()
    listener.page.wait_for_load_state("networkidle")
    expect(listener.page.locator("input[name=_save]")).to_be_visible()
    listener.assert_content()


def test_reader_of_the_api_sees_its_documentation_without_violations(system: System, listener: Listener) -> None:
    sign_in(listener.page, system, "auditor")
    page = listener.visit(system.url("/api/v1/docs/"))
    page.locator(".opblock-summary").first.click()
    expect(page.locator(".opblock-description-wrapper, .opblock-section").first).to_be_visible()
    listener.assert_content()


def test_operator_and_caller_walk_through_without_violations(
    system: System, listener: Listener, phone: BrowserContext
) -> None:
    caller = Listener(phone)
    sign_in(listener.page, system, "operator")
    listener.assert_content()
    link = open_incident_and_send(listener.page)
    caller.visit(link)
    caller.assert_content()
    share_all(caller.page, link)
    expect(own_live_row(listener.page)).to_have_count(1)
    expect(caller.page.get_by_text("They can see you now")).to_be_visible(timeout=20_000)
    caller.assert_content()
    listener.assert_content()
    _assert_camera_alone(caller.page)
    caller.page.get_by_role("button", name="STOP").click()
    expect(caller.page.get_by_text("You have stopped sharing")).to_be_visible()
    _assert_token_in_no_log(system, link)


def _assert_camera_alone(page: Page) -> None:
    """Ask the browser what this page may use."""
    allowed = page.evaluate("() => document.featurePolicy.allowedFeatures()")
    assert {"camera", "geolocation"} <= set(allowed)
    assert {"microphone", "display-capture", "usb", "payment"}.isdisjoint(allowed)
    refusal = "() => navigator.mediaDevices.getUserMedia({audio: true}).then(() => '', (error) => error.name)"
    assert page.evaluate(refusal) == "NotAllowedError"


def _assert_token_in_no_log(system: System, link: str) -> None:
    """Every log of every process that took part: nginx's, ours, Janus's, coturn's."""
    token = link.rstrip("/").rsplit("/", 1)[-1]
    httpx.get(_direct(system, f"/i/{token}/?secret=query-of-a-link"), headers=_host(system))
    httpx.get(_direct(system, f"//i/{token}/x/?secret=query-of-a-link"), headers=_host(system))
    httpx.get(_direct(system, f"/I/../i/%2e/{token}"), headers=_host(system))
    httpx.get(_direct(system, f"/m/{token}/calendar.ics?secret=query-of-a-link"), headers=_host(system))
    logs = [path for path in system.stack.directory.rglob("*.log") if path.is_file()]
    texts = {str(path): path.read_text(encoding="utf-8", errors="replace") for path in logs}
    access = next(text for path, text in texts.items() if path.endswith("access.log"))
    assert "/i/***" in access
    assert "/m/***" in access
    assert [path for path, text in texts.items() if token in text or "query-of-a-link" in text] == []


def _direct(system: System, path: str) -> str:
    return f"http://127.0.0.1:{system.port}{path}"


def _host(system: System) -> dict[str, str]:
    return {"Host": f"herts.localhost:{system.port}"}


@pytest.mark.parametrize("path", ["/assets/console.js", "/assets/caller.css", "/static/admin/css/base.css"])
def test_files_of_the_front_are_hardened(system: System, path: str) -> None:
    answer = httpx.get(_direct(system, path), headers=_host(system))
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/machine/janus-events/", "/machine/", "/machine/..%2fmachine/janus-events/", "/metrics"]
)
@pytest.mark.parametrize("host", ["herts.localhost", "localhost"])
def test_stranger_at_the_public_port_finds_no_door_of_machines(system: System, host: str, path: str) -> None:
    headers = {"Host": f"{host}:{system.port}"}
    for method in ("GET", "POST"):
        assert httpx.request(method, _direct(system, path), headers=headers).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["//machine/janus-events/", "/./machine/janus-events/", "/x/../machine/janus-events/", "/%6dachine/janus-events/"],
)
def test_stranger_who_writes_the_address_otherwise_finds_no_door_either(system: System, path: str) -> None:
    request = httpx.Request("POST", _direct(system, "/"), headers=_host(system), content=b"[]")
    request.url = request.url.copy_with(raw_path=path.encode())
    with httpx.Client() as client:
        assert client.send(request).status_code in {400, 404}


def test_machine_door_listens_on_loopback_alone_and_asks_for_the_password(system: System) -> None:
    settings = system.stack.environment
    port = int(settings["SIGHTLINE_MACHINE_PORT"])
    door = f"http://127.0.0.1:{port}/machine/janus-events/"
    assert _listening_addresses(port) == {"127.0.0.1"}
    assert httpx.post(door, json=[]).status_code == 401
    assert httpx.post(door, json=[], auth=("janus", "guess")).status_code == 401
    given = httpx.post(door, json=[], auth=("janus", settings["SIGHTLINE_JANUS_EVENTS_PASSWORD"]))
    assert (given.status_code, given.headers["X-Events-Known"]) == (200, "0")
    for path in ("/", "/sign-in/", "/admin/", "/api/v1/me/", "/i/token/", "/ws/console/"):
        assert httpx.get(f"http://127.0.0.1:{port}{path}").status_code == 404


def _listening_addresses(port: int) -> set[str]:
    """Read from the kernel who listens on a TCP port, over both families of addresses."""
    found = set()
    for name in ("tcp", "tcp6"):
        with open(f"/proc/net/{name}", encoding="ascii") as table:
            for words in (line.split() for line in list(table)[1:]):
                address, _, number = words[1].rpartition(":")
                if int(number, 16) == port and words[3] == "0A":
                    found.add(
                        ".".join(str(byte) for byte in reversed(bytes.fromhex(address))) if name == "tcp" else address
                    )
    return found
