"""Keep the key that signs session cookies: made once, readable by the server's account alone."""

import os
import secrets
from pathlib import Path
from typing import Final

from bpmn.errors import N_, AlurError

_NAME: Final = "kunci"
_LENGTH: Final = 64


class SecretError(AlurError):
    """The key cannot be kept or read."""


class NowhereToKeep(SecretError):
    sentence = N_(
        "Kunci sesi tidak dapat disimpan di %(path)s: %(why)s. "
        "Beri akun server hak tulis di sana, atau pilih tempat lain dengan ALUR_DATA."
    )


class Damaged(SecretError):
    sentence = N_(
        "Kunci sesi di %(path)s rusak. Hapus berkas itu: kunci baru dibuat, dan semua orang "
        "masuk sekali lagi."
    )


def key(folder: Path) -> bytes:
    """The key of this data directory, made at the first start."""
    path = folder / _NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = _made(path) or path.read_bytes()
    except OSError as error:
        raise NowhereToKeep(path=path, why=error.strerror) from error
    if len(kept) != _LENGTH:
        raise Damaged(path=path)
    return kept


def _made(path: Path) -> bytes | None:
    try:
        door = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return None
    with os.fdopen(door, "wb") as file:
        file.write(made := secrets.token_hex(_LENGTH // 2).encode())
    return made
