"""Know a form that is sent twice: the name of its page, and all that stood in it."""

import hashlib
from typing import Final

import orjson
from flask import request

_LONGEST: Final = 40


def key() -> str:
    """Names this form as it was filled in: changed and sent again it is another, and not lost."""
    once = request.form.get("once", "")
    if not 0 < len(once) <= _LONGEST:
        return ""
    filled = sorted(pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token")
    return f"{once}:{hashlib.sha256(orjson.dumps(filled)).hexdigest()[:32]}"
