"""W3C Data Integrity, cryptosuite eddsa-jcs-2022, and keys as Multikey. Pure: bytes in, documents out."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SUITE = "eddsa-jcs-2022"
PROOF_TYPE = "DataIntegrityProof"
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # base58btc
ED25519_PREFIX = b"\xed\x01"  # multicodec of an Ed25519 public key
SIGNATURE_SIZE = 64
Sign = Callable[[bytes], bytes]


def base58(data: bytes) -> str:
    """Return bytes in base58btc, without the multibase letter."""
    number, digits = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        digits = ALPHABET[rest] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def from_base58(text: str) -> bytes:
    """Return the bytes of a base58btc text; ValueError for a letter outside the alphabet."""
    number = 0
    for letter in text:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def multikey(public_key: bytes) -> str:
    """Return an Ed25519 public key of 32 bytes as publicKeyMultibase."""
    return "z" + base58(ED25519_PREFIX + public_key)


def secured(document: Mapping[str, Any], *, method: str, created: str, sign: Sign) -> dict[str, Any]:
    """Return the document with a proof by the key of `method`, made at `created` (RFC 3339, seconds)."""
    proof: dict[str, Any] = {
        "type": PROOF_TYPE,
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    return {**document, "proof": {**proof, "proofValue": "z" + base58(sign(signed_bytes(document, proof)))}}


def signed_bytes(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    """Return the bytes that the proof's signature is over (vc-di-eddsa §3.3): two hashes, options first."""
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    plain = {key: value for key, value in document.items() if key != "proof"}
    return hashlib.sha256(rfc8785.dumps(options)).digest() + hashlib.sha256(rfc8785.dumps(plain)).digest()


def holds(document: Mapping[str, Any], public_key: bytes) -> bool:
    """Whether the document carries one proof of this suite by this Ed25519 key; False for anything malformed."""
    proof = document.get("proof")
    if not isinstance(proof, Mapping) or (proof.get("type"), proof.get("cryptosuite")) != (PROOF_TYPE, SUITE):
        return False
    context = document.get("@context")
    if proof.get("proofPurpose") != "assertionMethod" or proof.get("@context", context) != context:
        return False
    value = proof.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z") or len(value) > 2 * SIGNATURE_SIZE:
        return False
    try:
        signature = from_base58(value[1:])
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed_bytes(document, proof))
    except (InvalidSignature, ValueError, RecursionError):
        return False
    return True
