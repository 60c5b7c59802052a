"""Twin of web/sheet.py and sheet_arrows.py: the symbols and arrows of the table of steps."""

from dataclasses import replace

import pytest

from bpmn import library, reader
from bpmn.document import Decision, Lane, MutuBaku, Outcome, Step
from bpmn.durations import parse
from bpmn.reader import Sop
from web import sheet
from web.sheet_arrows import Place, Sheet


def drawn(name: str) -> list[sheet.Row]:
    return sheet.rows(reader.read(library.load(name)), {})


def symbols(row: sheet.Row) -> list[str]:
    return [cell.symbol for cell in row.cells]


@pytest.mark.parametrize("name", library.names())
def test_every_step_has_one_symbol_of_its_doer_and_a_way_to_it(name: str) -> None:
    rows = drawn(name)
    for row in rows:
        assert [cell.part for cell in row.cells].count("utama") == 1, row.step.name
    for row in rows[1:]:
        assert any(cell.heads for cell in row.cells), row.step.name


def test_the_first_and_the_last_step_are_capsules_and_a_decision_a_rhombus() -> None:
    rows = drawn("gambut/pengumpulan-dan-pengukuran-data-kinerja")
    assert symbols(rows[0]) == ["kapsul", "", "", "", ""]
    assert symbols(rows[1]) == ["", "kotak", "", "", ""]
    assert symbols(rows[3]) == ["", "", "", "", "belah-ketupat"]
    assert symbols(rows[7]) == ["kapsul", "", "", "", ""]


def test_the_answers_stand_where_their_arrows_leave() -> None:
    decision = drawn("gambut/pengumpulan-dan-pengukuran-data-kinerja")[3].cells[4]
    assert {(each.text, each.back) for each in decision.answers} == {("Ya", False), ("Tidak", True)}
    assert len({each.side for each in decision.answers}) == 2


def test_a_way_back_that_is_only_proposed_is_drawn_as_such() -> None:
    rows = drawn("martapura-barat/monitoring-kinerja")
    kinds = {kind for cell in rows[4].cells for _, kind in cell.heads}
    assert kinds == {"", "usulan"}


def test_those_who_take_part_are_drawn_beside_the_doer() -> None:
    meeting = drawn("sumbang/pengukuran-kinerja")[4]
    assert symbols(meeting) == ["kotak"] * 4
    assert [cell.part for cell in meeting.cells] == ["utama", "peserta", "peserta", "peserta"]
    assert meeting.joined == ["SEKCAM", "KASI/KASUBAG", "PENGELOLA"]
    assert any(line.kind == "bersama" for cell in meeting.cells for line in cell.lines)


def test_a_step_for_each_unit_says_how_many() -> None:
    rows = drawn("bukit-batu/pengumpulan-data-kinerja")
    assert [max(cell.times for cell in row.cells) for row in rows] == [0, 7, 7, 0, 0, 0, 0]


@pytest.mark.parametrize("name", library.names())
def test_no_arrow_runs_through_a_symbol_of_another_step(name: str) -> None:
    for row in drawn(name):
        for cell in row.cells:
            own = [line for line in cell.lines if line.kind != "bersama"]
            through = [line for line in own if {line.x1, line.x2} == {0, 100} and line.y1 == 50]
            through += [line for line in own if {line.y1, line.y2} == {0, 100} and line.x1 == 50]
            assert not (cell.symbol and through), (row.step.name, cell.lane.name)


def test_two_arrows_never_share_a_line_unless_they_end_at_one_symbol() -> None:
    paper = Sheet(3, {Place(row, column).centre for row in range(3) for column in (0, 2)})
    one = paper.route(Place(0, 0), Place(1, 2))
    other = paper.route(Place(0, 2), Place(1, 0))
    assert one is not None
    assert other is not None
    pairs = [set(zip(way.points, way.points[1:], strict=False)) for way in (one, other)]
    assert not pairs[0] & pairs[1]


def test_a_symbol_shut_in_on_all_sides_gets_no_arrow() -> None:
    walls = {(x, y) for x in range(3) for y in range(3)} - {(1, 1)}
    assert Sheet(1, walls | {(1, 4)}).route(Place(0, 0), Place(1, 0)) is None


def one_decision(*outcomes: Outcome) -> Sop:
    camat = Lane("L", "Camat", "camat")
    step = Step("S", "Memutuskan", "Memutuskan", lane=camat)
    step = replace(step, decision=Decision("G", "Setuju?", outcomes))
    header = reader.Header()
    return Sop("P", "Uji", header, (camat,), (step,), first="S")


def test_a_decision_that_begins_and_ends_the_sop_keeps_its_rhombus() -> None:
    sop = one_decision(Outcome("setuju", "Setuju", None), Outcome("tidak", "Tidak", "S", back=True))
    [row] = sheet.rows(sop, {})
    [cell] = row.cells
    assert (cell.symbol, cell.begins, cell.ends, row.is_tall) == ("belah-ketupat", True, True, True)
    assert [(way.answer, way.target and way.target.id) for way in row.ways] == [
        ("Setuju", None),
        ("Tidak", "S"),
    ]


@pytest.mark.parametrize(
    ("written", "counted", "shown"),
    [
        ("60 Menit", "PT60M", "60 Menit"),
        ("1 minggu", "P1W", "1 minggu"),
        ("10 menit", "PT20M", "20 menit (10 menit)"),
        ("secepatnya", "PT20M", "20 menit (secepatnya)"),
        (None, "PT90M", "1 jam 30 menit"),
        ("10 menit", None, "10 menit"),
    ],
)
def test_the_clock_s_time_is_never_hidden_behind_the_paper_s(
    written: str | None, counted: str | None, shown: str
) -> None:
    mutu = MutuBaku(waktu=parse(counted) if counted else None, waktu_teks=written)
    assert sheet.waktu(mutu) == shown
