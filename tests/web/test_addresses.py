"""Twin of web/addresses.py: only our own pages are gone back to."""

import pytest

from web.addresses import local


@pytest.mark.parametrize("address", ["/", "/tasks/7", "/cases?status=done&search=data", "/a//b"])
def test_our_own_pages_are_gone_back_to(address: str) -> None:
    assert local(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *("//evil", "/\\evil", "\\\\evil", "http:", "http://evil", "https:evil", "javascript:x"),
        *("/\t/evil", "/\n/evil", " //evil", "///evil", "evil", "", None, "/a b", "/\x7f/evil"),
    ],
)
def test_everything_else_leads_home(address: str | None) -> None:
    assert local(address) == "/"
