"""Twin of bpmn/checklist.py: what an office writes in one line is ticked off thing by thing."""

import pytest

from bpmn import checklist, library, reader


@pytest.mark.parametrize(
    ("text", "things"),
    [
        (None, []),
        (" . ", []),
        ("Draf Tim", ["Draf Tim"]),
        ("SURAT MASUK DAN DISPOSISI", ["SURAT MASUK DAN DISPOSISI"]),
        (
            "Renstra, IKU, PK, target tahunan dan target triwulan",
            ["Renstra", "IKU", "PK", "target tahunan", "target triwulan"],
        ),
        ("Renstra, Renja, DPA, dan RKT .", ["Renstra", "Renja", "DPA", "RKT"]),
        ("Surat, data dan informasi kinerja", ["Surat", "data dan informasi kinerja"]),
        ("KONSEP, YANG SUDAH DIPARAF", ["KONSEP, YANG SUDAH DIPARAF"]),
        ("Formulir (asli, salinan), KTP", ["Formulir (asli, salinan)", "KTP"]),
        ("Berkas setebal 2,5 cm", ["Berkas setebal 2,5 cm"]),
        (
            "1. Surat pengantar\n2) Lampiran, rangkap dua",
            ["Surat pengantar", "Lampiran, rangkap dua"],
        ),
        ("a. KTP; b. KK; KTP", ["KTP", "KK"]),
        ("• KTP\n• KK", ["KTP", "KK"]),
    ],
)
def test_a_line_is_split_where_its_author_listed_things(
    text: str | None, things: list[str]
) -> None:
    assert list(checklist.items(text)) == things


def test_nothing_of_a_shipped_kelengkapan_is_lost() -> None:
    for name in library.names():
        for step in reader.read(library.load(name)).steps:
            needed = step.mutu_baku.kelengkapan or ""
            for thing in step.mutu_baku.items:
                assert thing in " ".join(needed.split())
            assert bool(step.mutu_baku.items) == bool(needed)


def test_the_shipped_sops_list_what_their_sources_list() -> None:
    counted = {
        name: [len(step.mutu_baku.items) for step in reader.read(library.load(name)).steps]
        for name in library.names()
    }
    assert counted["bukit-batu/pengumpulan-data-kinerja"] == [5, 1, 1, 1, 1, 1, 1]
    assert counted["martapura-barat/pengumpulan-data-kinerja"] == [1, 5, 1, 1, 1]
    assert max(counted["martapura-barat/monitoring-kinerja"]) == 1
