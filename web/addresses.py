"""Go back only to our own pages: an address from a form may have been written by anybody."""

from urllib.parse import urlsplit


def local(address: str | None, instead: str = "/") -> str:
    """The address if it is a plain path of this site, else another."""
    return address if address and _is_local(address) else instead


def _is_local(address: str) -> bool:
    # Browsers read a backslash as a slash, and skip tabs and line ends: "/\t/evil" is "//evil".
    if not address.startswith("/") or any(char <= " " or char in "\\\x7f" for char in address):
        return False
    return not address.startswith("//") and not urlsplit(address).netloc
