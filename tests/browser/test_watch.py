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
    somebody.opens()
    somebody.page.evaluate(f"() => {{ {deed} }}")
    noticed(somebody, watch)
    assert any(word in wrong for wrong in watch.wrongs), watch.wrongs
    somebody.context.close()  # what it still has to say comes before this returns
    watch.wrongs.clear()


def noticed(somebody: Officer, watch: Watch) -> None:
    """What the browser says comes a moment later, while the page is asked something."""
    for _ in range(100):
        if watch.wrongs:
            return
        somebody.page.evaluate("new Promise(requestAnimationFrame)")
