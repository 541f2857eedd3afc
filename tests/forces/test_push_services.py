"""Where a push may go: an address comes from a browser, and so from anybody."""

from __future__ import annotations

import pytest
from django.conf import settings

from forces.messaging.push_services import is_push_service


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com/",
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://fcm.googleapis.com.example.org/fcm/send/abc",
        "https://xfcm.googleapis.com/fcm/send/abc",
        "https://googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com@127.0.0.1/fcm/send/abc",
        "https://user:word@fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com\\@127.0.0.1/abc",
        "https://fcm.googleapis.com/fcm/send/abc#part",
        "https://fcm.googleapis.com./fcm/send/abc",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/a\r\nHost: 127.0.0.1",
        "https://ＦＣＭ.googleapis.com/fcm/send/abc",
        "https://127.0.0.1/abc",
        "https://[::1]/abc",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/abc",
        "https://push.apple.com/abc",
        "https://.push.apple.com/abc",
        "https://evilpush.apple.com/abc",
        "https://web.push.apple.com.example.org/abc",
        "https://notify.windows.com/abc",
        "file:///etc/passwd",
        "//fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:port/abc",
        "https://fcm.googleapis.com/" + "a" * 1024,
    ],
)
def test_address_that_is_no_push_services_refused(endpoint: str) -> None:
    assert not is_push_service(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def-ghi_123",
        "https://FCM.googleapis.com:443/wp/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-ln2p.notify.windows.com/w/?token=abc%2f",
    ],
)
def test_address_of_a_browser_makers_push_service_is_known(endpoint: str) -> None:
    assert is_push_service(endpoint)


def test_address_of_a_test_is_known_by_its_whole_origin_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PUSH_TEST_ORIGINS", ("http://127.0.0.1:9000",))

    assert is_push_service("http://127.0.0.1:9000/push/abc")
    for other in ("http://127.0.0.1:9001/push/abc", "https://127.0.0.1:9000/push/abc", "http://127.0.0.1/push/abc"):
        assert not is_push_service(other)
