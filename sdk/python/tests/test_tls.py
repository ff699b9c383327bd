"""The line to the server, encrypted: only a certificate that is trusted will do."""

from __future__ import annotations

import os
import ssl
import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest import mock

import connections_sdk as sdk
from case import Case

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID
except ImportError:
    raise unittest.SkipTest("install cryptography to make a certificate") from None


def certificate(folder: str) -> tuple[str, str]:
    """A certificate for localhost that vouches for itself, and its key: two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(minutes=5))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = Path(folder, "certificate.pem"), Path(folder, "key.pem")
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kind = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, *kind))
    return str(pem), str(private)


class Encrypted(Case):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pem, private = certificate(folder.name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem, private)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_port}"

    def test_a_trusted_server_is_asked_over_one_line(self) -> None:
        with mock.patch.dict(os.environ, {"SSL_CERT_FILE": self.pem}):
            zoom = sdk.Client(self.url).connection("zoom")
        for _ in range(3):
            self.assertEqual(zoom.post("/x", json={}).status, 200)
        self.assertEqual(self.server.lines, 1)

    def test_any_other_is_told_nothing(self) -> None:
        with self.assertRaisesRegex(sdk.NetworkError, "gave no answer .+CERTIFICATE_VERIFY_FAILED"):
            sdk.Client(self.url).connection("zoom").get("/x")
        with mock.patch.dict(os.environ, {"SSL_CERT_FILE": self.pem}):
            other = sdk.Client(self.url.replace("localhost", "127.0.0.1"))
        with self.assertRaisesRegex(sdk.NetworkError, "IP address mismatch"):
            other.connection("zoom").get("/x")
        self.assertEqual(self.server.asked, [])
