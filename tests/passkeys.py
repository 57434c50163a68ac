"""A device that holds passkeys, in software: it answers as a browser does, so tests need none."""

import hashlib
import json
import re
import secrets

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

# The only http origin that can hold a passkey.
ORIGIN, RP_ID = "http://localhost", "localhost"
_FLAG = AuthenticatorData.FLAG


def options_of(page) -> dict:
    """What the page asks the browser for."""
    return json.loads(re.search(r'id="passkey-options"[^>]*>(.*?)</script>', page.content.decode())[1])["publicKey"]


class Device:
    """One passkey. `verifies`: whether the person shows PIN, finger or face."""

    def __init__(self, verifies: bool = True, origin: str = ORIGIN):
        self.origin, self.verifies = origin, verifies
        self.id = secrets.token_bytes(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.user_handle = b""

    def belong_to(self, user, name: str = "Diensthandy") -> Authenticator:
        """Be a passkey of this account, as if its owner had set it up."""
        options = {"user": {"id": websafe_encode(str(user.pk).encode())}, "challenge": websafe_encode(b"any")}
        data = {"name": name, "credential": json.loads(self.create(options))}
        return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)

    def create(self, options: dict) -> str:
        """Answer `navigator.credentials.create()`, as JSON."""
        self.user_handle = websafe_decode(options["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        data = self._data(_FLAG.AT, AttestedCredentialData.create(b"\0" * 16, self.id, public))
        attestation = AttestationObject.create("none", data, {})
        client = self._client(CollectedClientData.TYPE.CREATE, options["challenge"])
        return self._answer({"attestationObject": websafe_encode(attestation)}, client, {"credProps": {"rk": True}})

    def get(self, options: dict) -> str:
        """Answer `navigator.credentials.get()`, as JSON."""
        client = self._client(CollectedClientData.TYPE.GET, options["challenge"])
        data = self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"authenticatorData": data, "signature": signature, "userHandle": self.user_handle}
        return self._answer({name: websafe_encode(part) for name, part in parts.items()}, client)

    def _data(self, more=None, credential=b""):
        flags = _FLAG.UP | (_FLAG.UV if self.verifies else _FLAG(0)) | (more or _FLAG(0))
        return AuthenticatorData.create(hashlib.sha256(RP_ID.encode()).digest(), flags, 0, credential)

    def _client(self, type_, challenge: str) -> bytes:
        return CollectedClientData.create(type_, websafe_decode(challenge), self.origin)

    def _answer(self, response: dict, client: bytes, extensions: dict | None = None) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": response | {"clientDataJSON": websafe_encode(client)},
                "clientExtensionResults": extensions or {},
            }
        )
