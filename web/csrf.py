"""Prove that a form was ours: a secret of the session, masked anew in every page.

Masked, because a compressed page that repeats a secret gives it away by its length (BREACH).
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Final

from flask import request, session

FIELD: Final = "csrf_token"
_SIZE: Final = 32


def token() -> str:
    """The hidden field's value, different each time."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_hex(_SIZE)
    mask = secrets.token_bytes(_SIZE)
    return urlsafe_b64encode(mask + _xor(mask, bytes.fromhex(session["csrf"]))).decode()


def is_genuine() -> bool:
    """Whether the form was made in this session."""
    try:
        sent = urlsafe_b64decode(request.form.get(FIELD, ""))
    except (ValueError, NotBase64):
        return False
    if len(sent) != 2 * _SIZE or "csrf" not in session:
        return False
    unmasked = _xor(sent[:_SIZE], sent[_SIZE:])
    return secrets.compare_digest(unmasked, bytes.fromhex(session["csrf"]))


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
