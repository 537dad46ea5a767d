"""A certificate for this machine only, from an authority of its own: what a browser needs to keep
cookies that travel encrypted. For trying out and for tests; a server brings its own.

`python -m stack.certificates FOLDER` makes them where they are missing or nearly over.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAYS = 365
RENEW_DAYS = 30
NAMES = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]


class Certificates(NamedTuple):
    """Files: the authority a client has to trust, and what the server shows."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(folder: Path) -> Certificates:
    """The certificates in this folder, made when they are missing or nearly over."""
    made = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server-key.pem")
    if not all(path.exists() for path in made) or _ends_soon(made.certificate):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(made)
    return made


def _ends_soon(certificate: Path) -> bool:
    end = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    return end < datetime.now(UTC) + timedelta(days=RENEW_DAYS)


def _make(files: Certificates) -> None:
    """The authority's key is forgotten at once: it signs this one certificate."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority_name = _name("Casework on this machine")
    authority = (
        _certificate(authority_name, authority_name, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    server = (
        _certificate(_name("localhost"), authority_name, server_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(NAMES), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    key = server_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(files.authority, authority.public_bytes(serialization.Encoding.PEM))
    _write(files.certificate, server.public_bytes(serialization.Encoding.PEM))
    _write(files.key, key)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=DAYS))
    )


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


if __name__ == "__main__":
    make_certificates(Path(sys.argv[1]))
