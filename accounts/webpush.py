"""Web push without anybody's script: messages sealed for one browser, signed with our own key.

After RFC 8291 (sealing), RFC 8188 (its envelope) and RFC 8292 (the signature). The push service
in between sees when something was sent, and to which browser; every message has the same length.
"""

import base64
import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vault.keys import key_provider

CURVE = ec.SECP256R1()
# How many points the curve has: a private key is a number below it.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
POINT_BYTES, AUTH_BYTES, SALT_BYTES = 65, 16, 16
RECORD = 4096
LENGTH = 1024
SIGNED_FOR = timedelta(hours=12)


def own_key() -> ec.EllipticCurvePrivateKey:
    """The key by which push services know this installation: made of the key ring, kept nowhere."""
    number = int.from_bytes(key_provider().blind("web push", "own key"), "big")
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def own_public() -> str:
    """Its public half, as a browser wants it."""
    return text(_point(own_key()))


def signature(origin: str, sender: str, now: datetime) -> str:
    """The header that says to a push service (its origin) who sends, and whom to ask."""
    key, until = own_key(), int((now + SIGNED_FOR).timestamp())
    told = {"aud": origin, "exp": until, "sub": f"mailto:{sender}"}
    parts = [text(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, told)]
    signed = key.sign(".".join(parts).encode(), ec.ECDSA(hashes.SHA256()))
    halves = b"".join(half.to_bytes(32, "big") for half in decode_dss_signature(signed))
    return f"vapid t={'.'.join([*parts, text(halves)])}, k={text(_point(key))}"


def is_key(p256dh: str, auth: str) -> bool:
    """Whether these can be the keys of a browser."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw(p256dh))
        return len(raw(p256dh)) == POINT_BYTES and len(raw(auth)) == AUTH_BYTES
    except ValueError:
        return False


def sealed(
    plain: bytes,
    keys: Mapping[str, str],
    *,
    salt: bytes = b"",
    once: ec.EllipticCurvePrivateKey | None = None,
    length: int = LENGTH,
) -> bytes:
    """The message as only that browser can read it; `salt` and `once` are new each time."""
    salt, once = salt or os.urandom(SALT_BYTES), once or ec.generate_private_key(CURVE)
    theirs, ours = raw(keys["p256dh"]), _point(once)
    shared = once.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    secret = _derived(shared, raw(keys["auth"]), b"WebPush: info\0" + theirs + ours, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    envelope = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    padded = (plain + b"\x02").ljust(length, b"\0")
    return envelope + AESGCM(key).encrypt(nonce, padded, None)


def text(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def raw(told: str) -> bytes:
    """Raises ValueError for what is no such text."""
    return base64.b64decode(told + "=" * (-len(told) % 4), altchars=b"-_", validate=True)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
