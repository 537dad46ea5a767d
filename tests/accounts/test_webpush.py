"""Messages to browsers: sealed as the standards say, signed with our own key."""

import json
import os
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts import webpush

# RFC 8291, appendix A.
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BROWSER = {
    "p256dh": (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    ),
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
EXPECTED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T"
    "lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4"
    "a-fN"
)


class Browser:
    """A browser's half of web push, written from the standard and not from our code."""

    def __init__(self):
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.point = self.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )

    @property
    def keys(self):
        return {"p256dh": webpush.text(self.point), "auth": webpush.text(self.auth)}

    def opened(self, body):
        salt, theirs, sealed = body[:16], body[21:86], body[86:]
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.key.exchange(ec.ECDH(), point)
        info = b"WebPush: info\0" + self.point + theirs
        secret = HKDF(hashes.SHA256(), 32, self.auth, info).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert plain[-1:] == b"\x02"
        return json.loads(plain[:-1])


def test_seals_as_in_the_example_of_the_standard():
    number = int.from_bytes(webpush.raw(SENDER), "big")
    once = ec.derive_private_key(number, ec.SECP256R1())

    body = webpush.sealed(
        b"When I grow up, I want to be a watermelon",
        BROWSER,
        salt=webpush.raw(SALT),
        once=once,
        length=0,
    )

    assert webpush.text(body) == EXPECTED


def test_length_tells_nothing_and_nothing_repeats():
    browser = Browser()
    bodies = [
        webpush.sealed(json.dumps({"a": "x" * n}).encode(), browser.keys) for n in (1, 1, 300)
    ]

    assert {len(body) for body in bodies} == {len(bodies[0])}
    assert len({body[:86] for body in bodies}) == 3
    assert [len(browser.opened(body)["a"]) for body in bodies] == [1, 1, 300]


def test_signature_is_by_the_key_that_browsers_are_given():
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    header = webpush.signature("https://push.example", "noreply@post.example", now)

    token, _comma, public = header.removeprefix("vapid t=").partition(", k=")
    head, told, signed = token.split(".")
    raw = webpush.raw(signed)
    halves = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), webpush.raw(public))
    point.verify(
        encode_dss_signature(*halves), f"{head}.{told}".encode(), ec.ECDSA(hashes.SHA256())
    )
    assert public == webpush.own_public()
    assert json.loads(webpush.raw(told)) == {
        "aud": "https://push.example",
        "exp": int(now.timestamp()) + 12 * 3600,
        "sub": "mailto:noreply@post.example",
    }


def test_what_is_no_key_is_refused():
    good = Browser().keys

    assert webpush.is_key(**good)
    assert not webpush.is_key(**{**good, "auth": "AAAA"})
    assert not webpush.is_key(**{**good, "p256dh": webpush.text(b"\x04" + b"\1" * 64)})
    assert not webpush.is_key(**{**good, "p256dh": "ne dela!"})
