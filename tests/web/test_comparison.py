"""Twin of web/comparison.py: the same SOP in several offices, drawn and as a table."""

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import Visitor, seen

PAGE = "/reports/comparison"


def test_the_same_sop_stands_beside_itself(visitor: Callable[[str], Visitor]) -> None:
    answer = visitor("pengawas.banjar").opens(PAGE)
    page = seen(answer)
    assert "2 SOP dibandingkan" in page
    # Three weeks of five days, and fifty minutes.
    assert "Kecamatan Gambut: Pengumpulan dan Pengukuran Data Kinerja 15,1 hari kerja" in page
    assert "nyatanya belum ada yang selesai" in page
    assert "style=" not in answer.text  # the policy would throw it away
    widths = [
        float(width) for width in re.findall(r'bar-standard" .*?width="([\d.]+)%"', answer.text)
    ]
    # 1,120 of 6,800 minutes.
    assert widths == [100.0, 16.47]


def test_she_chooses_which(visitor: Callable[[str], Visitor]) -> None:
    chosen = "sop=martapura-barat/monitoring-kinerja&sop=martapura-barat/monitoring-renstra"
    page = visitor("camat.martapura-barat").opens(f"{PAGE}?{chosen}")
    assert "2 SOP dibandingkan" in seen(page)
    assert page.text.count(" checked>") == 2


def test_one_alone_asks_for_another(visitor: Callable[[str], Visitor]) -> None:
    assert "Pilih SOP kantor lain" in seen(visitor("camat.gambut").opens(PAGE))


@pytest.mark.parametrize("query", ["sop=xyz", "like=xyz", "sop=gambut/x&like=%2F", "sop="])
def test_what_is_not_there_is_passed_over(visitor: Callable[[str], Visitor], query: str) -> None:
    assert visitor("pengawas.banjar").opens(f"{PAGE}?{query}").status_code == 200
