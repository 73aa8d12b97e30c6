"""Sealed box: seals a key to keyvault's intake key, as gateway does; see lib/secret/sealed_box.h.

By libsodium itself, which every machine that runs keyvault has.
"""

import ctypes
import ctypes.util
import hashlib
import os

from .trouble import Trouble

VERSION = b"\x01"
NONCE_BYTES = 24  # crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
TAG_BYTES = 16


def seal_candidate(receiver: bytes, secret: str, tenant_id: str, number_id: str, provider: int,
                   field: str) -> bytes:
    """`receiver` is the intake key: X25519, 32 bytes. The rest is what the box is bound to."""
    binding = _lengths("latchkey candidate v1", tenant_id, number_id, str(provider), field)
    return _seal(receiver, secret.encode(), "candidate v1", binding)


def _lengths(*parts: str) -> bytes:
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)


def _seal(receiver: bytes, plain: bytes, label: str, binding: bytes) -> bytes:
    sodium = _sodium()
    ephemeral_secret, nonce = os.urandom(32), os.urandom(NONCE_BYTES)
    ephemeral, point = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    sodium.crypto_scalarmult_base(ephemeral, ephemeral_secret)
    if sodium.crypto_scalarmult(point, ephemeral_secret, receiver) != 0:
        raise Trouble("The intake key is no X25519 key.")
    key = hashlib.blake2b(point.raw + ephemeral.raw + receiver + label.encode(),
                          digest_size=32).digest()
    sealed = ctypes.create_string_buffer(len(plain) + TAG_BYTES)
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed, None, plain, ctypes.c_ulonglong(len(plain)), binding,
        ctypes.c_ulonglong(len(binding)), None, nonce, key)
    return VERSION + ephemeral.raw + nonce + sealed.raw


def _sodium() -> ctypes.CDLL:
    name = ctypes.util.find_library("sodium")
    if name is None:
        raise Trouble("libsodium is not installed; run scripts/setup.")
    sodium = ctypes.CDLL(name)
    if sodium.sodium_init() < 0:
        raise Trouble("libsodium does not start.")
    return sodium
