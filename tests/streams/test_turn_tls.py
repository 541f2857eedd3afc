"""The relay over TLS, where the deployment has a name and a certificate: for networks that let nothing else out."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.services.coturn.relay import Coturn, Identity
from config.services.ports import PortBlock
from config.services.processes import accepts_connections
from config.services.stack import Stack
from forces import clock
from streams.gateway.interface import IceServer
from tests.conftest import wait_until
from tests.streams.test_turn import FORBIDDEN_PEER, WRONG_CREDENTIALS, credentials
from tests.streams.turn_client import DEADLINE_S, GRANTED, TurnClient

NAME = "turn.example.test"


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """Return a name with a certificate that it signed itself."""
    directory: Path = tmp_path_factory.mktemp("identity")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = directory / "certificate.pem", directory / "key.pem"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return Identity(NAME, certificate, secret)


@pytest.fixture(scope="module")
def relay(stack: Stack, identity: Identity) -> Iterator[Coturn]:
    """Start a second relay with the product's configuration and that name."""
    block = PortBlock.take()
    directory = stack.directory / "coturn-tls"
    started = replace(stack.installation.coturn, directory=directory, ports=block.ports, identity=identity)
    started.prepare()
    stack.spawn_program(started.program())
    wait_until(lambda: accepts_connections(block.ports.coturn_tls))
    yield started
    block.release()


class TlsClient(TurnClient):
    """A TURN client whose line is TLS over TCP."""

    def __init__(self, relay: Coturn, server: IceServer, trusted: Path | None) -> None:
        super().__init__(("127.0.0.1", relay.ports.coturn_tls), server.username, server.credential)
        self._line.close()
        context = ssl.create_default_context(cafile=str(trusted) if trusted else None)
        plain = socket.create_connection(("127.0.0.1", relay.ports.coturn_tls), DEADLINE_S)
        self._line = context.wrap_socket(plain, server_hostname=NAME)


def test_client_that_does_not_trust_the_certificate_ends_the_line(stack: Stack, relay: Coturn) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        TlsClient(relay, credentials(stack), None)


def test_client_with_forged_credentials_over_tls_refused(stack: Stack, relay: Coturn, identity: Identity) -> None:
    with TlsClient(relay, credentials(stack, secret="guessed"), identity.certificate) as stranger:
        assert stranger.allocate() == WRONG_CREDENTIALS


def test_client_over_tls_reaches_the_media_server_and_it_alone(stack: Stack, relay: Coturn, identity: Identity) -> None:
    janus = (stack.installation.janus.media_address, stack.installation.ports.rtp[0])
    with TlsClient(relay, credentials(stack), identity.certificate) as client:
        assert client.allocate() == GRANTED
        assert client.permit(("127.0.0.1", 3478)) == FORBIDDEN_PEER
        assert client.permit(janus) == GRANTED


def test_pages_are_given_the_address_over_tls_only_where_there_is_a_name(relay: Coturn) -> None:
    assert relay.urls.split(",")[-1] == f"turns:{NAME}:{relay.ports.coturn_tls}?transport=tcp"
    assert "turns:" not in replace(relay, identity=None).urls


def test_deployment_names_the_relay_by_its_environment(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIGHTLINE_TURN_NAME", raising=False)
    assert Identity.of_deployment() is None
    monkeypatch.setenv("SIGHTLINE_TURN_NAME", NAME)
    monkeypatch.setenv("SIGHTLINE_TURN_CERTIFICATE", str(identity.certificate))
    monkeypatch.setenv("SIGHTLINE_TURN_KEY", str(identity.key))
    assert Identity.of_deployment() == identity


def test_one_user_may_have_as_many_allocations_as_a_phone_in_a_call_needs(stack: Stack) -> None:
    """Three connections, each of which tries every address of the list."""
    server = credentials(stack)
    clients = [
        TurnClient(("127.0.0.1", stack.installation.ports.coturn), server.username, server.credential)
        for _ in range(24)
    ]
    try:
        assert {client.allocate() for client in clients} == {GRANTED}
    finally:
        for client in clients:
            client.__exit__(None, None, None)
