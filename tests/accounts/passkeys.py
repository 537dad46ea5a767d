"""A passkey made of a key pair, for tests without a browser."""

import json
import os
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN, HOST = "https://testserver", "testserver"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftPasskey:
    """Answers like an authenticator; each answer can be spoiled in one way."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.user_handle = b""
        self.counter = 0

    def create(self, options, *, verified=True, origin=ORIGIN):
        options = options["publicKey"]
        self.user_handle = websafe_decode(options["user"]["id"])
        data = AttestedCredentialData.create(
            b"\0" * 16, self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        flags = PRESENT | ATTESTED | (VERIFIED if verified else 0)
        told = AuthenticatorData.create(sha256(HOST.encode()).digest(), flags, 0, data)
        attestation = AttestationObject.create("none", told, {})
        client = self._client_data("webauthn.create", options["challenge"], origin)
        return self._credential(clientDataJSON=client, attestationObject=bytes(attestation))

    def get(self, options, *, verified=True, origin=ORIGIN, host=HOST, counter=None, handle=None):
        options = options["publicKey"]
        self.counter = self.counter + 1 if counter is None else counter
        flags = PRESENT | (VERIFIED if verified else 0)
        told = AuthenticatorData.create(sha256(host.encode()).digest(), flags, self.counter)
        client = self._client_data("webauthn.get", options["challenge"], origin)
        signed = bytes(told) + sha256(client).digest()
        return self._credential(
            clientDataJSON=client,
            authenticatorData=bytes(told),
            signature=self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=self.user_handle if handle is None else handle,
        )

    def _client_data(self, kind, challenge, origin):
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()

    def _credential(self, **response):
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": {name: websafe_encode(value) for name, value in response.items()},
                "clientExtensionResults": {},
            }
        )
