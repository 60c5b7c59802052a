"""Read the settings once, at the edge; everything beneath is handed what it needs."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final

from bpmn.errors import N_, AlurError

Network = IPv4Network | IPv6Network

# What is kept only in memory would be gone with the program.
_DATABASES: Final = re.compile(r"sqlite:///(?!:memory:).+|postgresql(\+psycopg)?://.+")
_HOME: Final = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?")


class BadSetting(AlurError):
    sentence = N_("Setelan %(name)s bernilai “%(value)s”, padahal harus %(wanted)s.")


@dataclass(frozen=True)
class Settings:
    """Where Alur keeps its data and on which door it listens."""

    data: Path = Path("var")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    # Whoever ends TLS before us says so: the session cookie then travels only over TLS.
    tls: bool = False
    # Where people open it: what links in messages begin with.
    home: str = "http://127.0.0.1:8000"
    # How often a program may ask in a minute, each by its own token; 0: as often as it likes.
    api_rate: int = 3_000
    # Networks within that may be sent to, where an address that somebody typed leads there.
    networks: tuple[Network, ...] = ()
    # All that was said to us: a channel reads what is its own. Passwords are among it.
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    # Networks whose watchers may read /metrics; loopback always may.
    metrics_from: tuple[Network, ...] = ()
    # How many nightly backups are kept; None: as usual on this database, 0: none.
    backups: int | None = None
    # A training: the instant from which time runs, in data made for it.
    clock: datetime | None = None

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'alur.db'}"

    @property
    def on_loopback(self) -> bool:
        return self.host in {"127.0.0.1", "::1", "localhost"}


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    return Settings(
        data=Path(environ.get("ALUR_DATA", "var")),
        database_url=database_url(environ.get("ALUR_DATABASE_URL", "")),
        host=environ.get("ALUR_HOST", "127.0.0.1"),
        port=port(environ.get("ALUR_PORT", "8000")),
        tls=environ.get("ALUR_TLS", "") in {"1", "ya", "true"},
        home=home(environ),
        api_rate=api_rate(environ.get("ALUR_API_RATE", "3000")),
        networks=networks(environ.get("ALUR_NETWORKS", "")),
        variables={name: environ[name] for name in environ if name.startswith("ALUR_")},
        metrics_from=networks(environ.get("ALUR_METRICS_FROM", ""), "ALUR_METRICS_FROM"),
        backups=backups(environ.get("ALUR_BACKUPS", "")),
        clock=instant(environ.get("ALUR_CLOCK", "")),
    )


def database_url(text: str) -> str:
    if text and not _DATABASES.fullmatch(text):
        # Not repeated whole: it may hold a password.
        begins = text.partition(":")[0][:20]
        wanted = "sqlite:///… atau postgresql+psycopg://…"
        raise BadSetting(name="ALUR_DATABASE_URL", value=f"{begins}…", wanted=wanted)
    return text


def port(text: str, name: str = "ALUR_PORT") -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise BadSetting(name=name, value=text, wanted="angka 1 sampai 65535")
    return int(text)


def home(environ: Mapping[str, str]) -> str:
    """As said, else the door it listens on."""
    at = f"{environ.get('ALUR_HOST', '127.0.0.1')}:{environ.get('ALUR_PORT', '8000')}"
    text = environ.get("ALUR_URL", "") or f"http://{at}"
    if not _HOME.fullmatch(text):
        raise BadSetting(name="ALUR_URL", value=text, wanted="https://alur.kantor.go.id")
    return text.rstrip("/")


def api_rate(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise BadSetting(name="ALUR_API_RATE", value=text, wanted="angka 0 sampai 9999999")
    return int(text)


def instant(text: str, name: str = "ALUR_CLOCK") -> datetime | None:
    """`2026-03-12T09:00+08:00`; a moment without a zone could be any of three."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found
    except ValueError:
        pass
    wanted = "waktu dengan zona, misalnya 2026-03-12T09:00+08:00"
    raise BadSetting(name=name, value=text[:40], wanted=wanted)


def backups(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 3:
        raise BadSetting(name="ALUR_BACKUPS", value=text[:40], wanted="angka 0 sampai 999")
    return int(text)


def networks(text: str, name: str = "ALUR_NETWORKS") -> tuple[Network, ...]:
    """`10.0.0.0/8, fd00::/8`"""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as wrong:
        wanted = "jaringan seperti 10.0.0.0/8, dipisah dengan koma"
        raise BadSetting(name=name, value=text, wanted=wanted) from wrong
