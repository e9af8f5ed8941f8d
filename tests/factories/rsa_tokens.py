"""RSA keys and signed tokens by the plain words of RFC 7515 and 7517, without the library that the product uses."""

import base64
import json
import time
import uuid
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


_pool: list[rsa.RSAPrivateKey] = []
_turn = count()
POOL = 6  # keys take long to make; no test holds more of them at once


def _next_key() -> rsa.RSAPrivateKey:
    """One of a few keys, so that tests do not wait for new ones."""
    if len(_pool) < POOL:
        _pool.append(rsa.generate_private_key(65537, 2048))
        return _pool[-1]
    return _pool[next(_turn) % POOL]


@dataclass
class Signer:
    """An RSA key with a name."""

    kid: str = field(default_factory=lambda: uuid.uuid4().hex)
    private: rsa.RSAPrivateKey = field(default_factory=_next_key)

    def jwk(self) -> dict[str, str]:
        """The public half."""
        numbers = self.private.public_key().public_numbers()
        public = {"n": _number(numbers.n), "e": _number(numbers.e)}
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, **public}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """A token with these claims; `header` changes what the header says."""
        head = {"alg": "RS256", "typ": "JWT", "kid": self.kid, **header}
        text = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
        if head["alg"] == "none":
            return f"{text}."
        return f"{text}.{encoded(self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def verified(token: str, key_set: dict[str, Any]) -> dict[str, Any]:
    """The claims of a token that one of the keys signed; raises when none did."""
    head, claims, signature = token.split(".")
    header = json.loads(decoded(head))
    assert header["alg"] == "RS256"
    jwk = next(key for key in key_set["keys"] if key["kid"] == header["kid"])
    numbers = (int.from_bytes(decoded(jwk[name]), "big") for name in ("e", "n"))
    public = rsa.RSAPublicNumbers(*numbers).public_key()
    public.verify(decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    found: dict[str, Any] = json.loads(decoded(claims))
    return found


def times(*, age_s: int = 0, good_s: int = 300) -> dict[str, int]:
    """When a token was made and until when it is good."""
    now = int(time.time()) - age_s
    return {"iat": now, "exp": now + good_s}
