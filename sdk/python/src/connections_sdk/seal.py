"""AES-256-GCM under a key that scrypt derives from the ``secret_key``.

What is sealed opens only with the same ``secret_key`` and for the same place. The one file that needs the
package ``cryptography``.
"""

from __future__ import annotations

import base64
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

#: RFC 7914, with r = 8 and p = 1: 16 MiB and some 40 ms, once a process.
_N = 2**14


class Sealer:
    """Derives a key once for each salt that it meets, and keeps the last one."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key.encode("utf-8", "surrogatepass")
        self._derived = (b"", b"")

    def seal(self, plain: bytes, place: bytes) -> dict[str, str]:
        """A new seal: always a new nonce, and the salt for which the key is known already."""
        salt, nonce = self._derived[0] or os.urandom(16), os.urandom(12)
        sealed = AESGCM(self._key(salt)).encrypt(nonce, plain, place)
        parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
        return {name: base64.b64encode(part).decode() for name, part in parts.items()}

    def open(self, seal: Any, place: bytes) -> bytes | None:
        """What was sealed, or None for whatever this key did not seal for this place."""
        try:
            salt, nonce, sealed = (base64.b64decode(seal[name], validate=True) for name in ("salt", "nonce", "sealed"))
            return AESGCM(self._key(salt)).decrypt(nonce, sealed, place)
        except (KeyError, TypeError, ValueError, InvalidTag):
            return None

    def _key(self, salt: bytes) -> bytes:
        known, key = self._derived
        if salt != known:
            key = Scrypt(salt=salt, length=32, n=_N, r=8, p=1).derive(self._secret_key)
            self._derived = (salt, key)
        return key
