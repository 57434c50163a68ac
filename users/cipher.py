"""What is kept of second factors is encrypted, so that a copy of the database does not give it away.

The keys follow from SECRET_KEY; older ones in SECRET_KEY_FALLBACKS still open what they closed (docs/betrieb.md).
"""

import base64
import logging
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)


class UnreadableSecretError(ValidationError):
    """No key opens the secret: SECRET_KEY was changed or lost. Its text is for the account's owner."""

    def __init__(self) -> None:
        super().__init__(
            "Ihr zweiter Faktor lässt sich nicht mehr prüfen. Bitten Sie die Administration, ihn zurückzusetzen. "
            "Danach richten Sie ihn beim Anmelden neu ein."
        )


def encrypt(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """Open what any of the keys has closed; UnreadableSecretError if none has."""
    try:
        return _keys().decrypt(encrypted.encode()).decode()
    except InvalidToken:
        logger.error("a second factor cannot be read: the SECRET_KEY that closed it is missing")
        raise UnreadableSecretError from None


def renew(encrypted: str) -> str:
    """Close the secret anew with today's SECRET_KEY; UnreadableSecretError if none of the keys opens it."""
    return encrypt(decrypt(encrypted))


def _keys() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # The prefix keeps this key apart from all others that follow from SECRET_KEY.
    digests = [sha256(b"users.adapter" + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
