"""An authenticator of our own, which does whatever an attacker wants of it."""

import json
from hashlib import sha256
from secrets import token_bytes

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

HOST = "testserver"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftKey:
    """A key pair for one login. `verified`: whether it says that a finger or a PIN was shown."""

    def __init__(self, user, *, host=HOST):
        self.user, self.id, self.private = user, token_bytes(16), ec.generate_private_key(ec.SECP256R1())
        self.host, self.counter = host, 0

    def _data(self, flags, credential=None):
        self.counter += 1
        return AuthenticatorData.create(sha256(self.host.encode()).digest(), flags, self.counter, credential or b"")

    def _client_data(self, kind, challenge, origin=None):
        return CollectedClientData.create(kind, challenge, origin or f"https://{self.host}")

    def _answer(self, response):
        name = websafe_encode(self.id)
        shown = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return shown | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def made(self, challenge, *, verified=True):
        """The answer to a page that adds a passkey."""
        public = ES256.from_cryptography_key(self.private.public_key())
        attested = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        flags = PRESENT | ATTESTED | (VERIFIED if verified else 0)
        attestation = AttestationObject.create("none", self._data(flags, attested), {})
        client_data = self._client_data("webauthn.create", challenge)
        return self._answer(
            {"clientDataJSON": websafe_encode(client_data), "attestationObject": websafe_encode(attestation)}
        )

    def shown(self, challenge, *, verified=True, handle=None, origin=None, kind="webauthn.get"):
        """The answer to a page that asks for one, as whoever `handle` says."""
        data = self._data(PRESENT | (VERIFIED if verified else 0))
        client_data = self._client_data(kind, challenge, origin)
        signature = self.private.sign(data + client_data.hash, ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(user_pk_to_url_str(handle or self.user).encode()),
        }
        return json.dumps(self._answer(response))

    def registered(self):
        """As if it had been added long ago."""
        data = {"name": "Key", "credential": self.made(token_bytes(32))}
        Authenticator.objects.create(user=self.user, type="webauthn", data=data)
        return self


def challenge_of(client):
    """What the session waits for."""
    from fido2.utils import websafe_decode

    return websafe_decode(client.session["mfa.webauthn.state"]["challenge"])
