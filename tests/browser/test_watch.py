"""Twin of watch.py: what a page must not do is noticed, else every other test proves less."""

from collections.abc import Callable

import pytest

from tests.browser.officer import Officer
from tests.browser.watch import Watch

INLINE = "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
STYLE = "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')"
ELSEWHERE = "fetch('http://127.0.0.2:9/').catch(() => 0)"
MISSING = "fetch('/static/nothing.js')"


@pytest.mark.parametrize(
    ("deed", "word"),
    [
        (INLINE, "script-src"),
        (STYLE, "style-src"),
        (ELSEWHERE, "connect-src"),
        (MISSING, "404"),
        ("console.error('broken')", "broken"),
        ("setTimeout(() => { throw Error('broken') })", "broken"),
    ],
)
def test_what_a_page_must_not_do_is_noticed(
    officer: Callable[..., Officer], watch: Watch, deed: str, word: str
) -> None:
    somebody = officer("camat.gambut")
    somebody.page.evaluate(f"() => {{ {deed} }}")
    somebody.page.wait_for_timeout(0)
    deadline = 50
    while not watch.wrongs and deadline:
        somebody.page.wait_for_timeout(20)
        deadline -= 1
    assert any(word in wrong for wrong in watch.wrongs), watch.wrongs
    watch.wrongs.clear()
