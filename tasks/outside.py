"""Send to an address that somebody typed, and never into our own house.

A name is looked up once, and the line goes to exactly what was found: one that answers otherwise
a moment later gains nothing. No redirect is followed, and whoever answers for ever is hung up on.
"""

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Timer
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from bpmn.errors import N_, AlurError
from engine.settings import Network

PATIENCE: Final = 15.0  # seconds, from the first byte to the last
LARGEST_ANSWER: Final = 64 * 1024
LONGEST_URL: Final = 300
# An IPv4 address in the clothes of IPv6, which a gateway would undress.
_NAT64: Final = IPv6Network("64:ff9b::/96")
# All of IPv6 that the world is reached at; beyond lie translators into the house, and the unknown.
_WORLD: Final = IPv6Network("2000::/3")


class OutsideError(AlurError):
    """Something was not sent to an address outside."""

    status = 422


class BadAddress(OutsideError):
    sentence = N_(
        "Alamat ini tidak dapat dipakai: harus lengkap dan dimulai dengan https://, tanpa nama "
        "pengguna dan kata sandi di dalamnya."
    )


class NotOutside(OutsideError):
    sentence = N_("Alamat %(host)s berada di jaringan dalam, jadi tidak dikirimi apa pun.")


class Unreachable(OutsideError):
    """It surely did not arrive."""

    sentence = N_("Alamat %(host)s tidak dapat dihubungi: %(why)s")


class Unsure(OutsideError):
    """It may have arrived: the line was cut after something was sent."""

    sentence = N_("Alamat %(host)s terputus di tengah jalan: %(why)s")


@dataclass(frozen=True)
class Answer:
    """What was answered, and as much of it as anybody needs."""

    status: int
    body: bytes


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: Sequence[Network] = (),
    patience: float = PATIENCE,
) -> Answer:
    """Send it and hear the answer, whatever it says; `allowed` are inner networks that may hear."""
    where = check(url)
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    with _Line(where, patience) as line:
        try:
            line.open(_plugged(_find(line, allowed), patience))
        except (OSError, ValueError) as wrong:
            raise Unreachable(host=line.host, why=line.why(wrong)) from wrong
        try:
            return line.ask(path, body, {"User-Agent": "Alur", **headers})
        except (OSError, HTTPException) as wrong:
            raise Unsure(host=line.host, why=line.why(wrong)) from wrong


def check(url: str) -> SplitResult:
    """The parts of an address that can be sent to; where it leads is seen when it is used."""
    try:
        where = urlsplit(url)
        is_whole = where.scheme in ("https", "http") and bool(where.hostname) and where.port != 0
    except ValueError as wrong:
        raise BadAddress from wrong
    if not is_whole or len(url) > LONGEST_URL or any(not "!" <= char <= "~" for char in url):
        raise BadAddress
    if where.username is not None or where.password is not None:
        raise BadAddress
    return where


class _Line:
    """A line to where an address leads, hung up when the time is over."""

    def __init__(self, where: SplitResult, patience: float) -> None:
        self.host = where.hostname or ""
        self.is_secret = where.scheme == "https"
        self.port = where.port or (443 if self.is_secret else 80)
        kind = HTTPSConnection if self.is_secret else HTTPConnection
        self.talk = kind(self.host, self.port, timeout=patience)
        # Each byte may come in time, and the last one never.
        self._end = Timer(patience, self._hang_up)
        self._end.daemon = True
        self._was_hung_up = False

    def __enter__(self) -> "_Line":
        self._end.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.cancel()
        self.talk.close()

    def open(self, plug: socket.socket) -> None:
        self.talk.sock = plug
        if self.is_secret:
            context = ssl.create_default_context()
            secret = context.wrap_socket(
                plug, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.talk.sock = secret
            secret.do_handshake()

    def ask(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.talk.request("POST", path, body, headers)
        heard = self.talk.getresponse()
        answer = Answer(heard.status, heard.read(LARGEST_ANSWER))
        if self._was_hung_up:  # half an answer looks like a whole one
            raise TimeoutError
        return answer

    def why(self, wrong: BaseException) -> str:
        if self._was_hung_up or isinstance(wrong, TimeoutError):
            return "tidak menjawab pada waktunya"
        return str(wrong)[:200] or type(wrong).__name__

    def _hang_up(self) -> None:
        self._was_hung_up = True
        with suppress(OSError, AttributeError):  # not open yet, or over already
            socket.socket.shutdown(self.talk.sock, socket.SHUT_RDWR)


def _find(line: _Line, allowed: Sequence[Network]) -> tuple[int, Any]:
    """The first place the name stands for that may hear us."""
    found = socket.getaddrinfo(line.host, line.port, type=socket.SOCK_STREAM)
    for family, _, _, _, address in found:
        if may_hear(str(address[0]), line.is_secret, allowed):
            return family, address
    raise NotOutside(host=line.host)


def _plugged(place: tuple[int, Any], patience: float) -> socket.socket:
    family, address = place
    plug = socket.socket(family, socket.SOCK_STREAM)
    plug.settimeout(patience)
    try:
        plug.connect(address)
    except OSError:
        plug.close()
        raise
    return plug


def may_hear(address: str, is_secret: bool, allowed: Sequence[Network]) -> bool:
    """Strangers only over TLS; what lies within only where an operator said so."""
    ip = ip_address(address.partition("%")[0])
    inner = ip
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1] or ip
        if ip in _NAT64:
            inner = ip_address(int(ip) & 0xFFFFFFFF)
    if any(inner in network for network in allowed if network.version == inner.version):
        return True
    if isinstance(inner, IPv6Address) and inner not in _WORLD:
        return False
    return is_secret and ip.is_global and inner.is_global and not inner.is_multicast
