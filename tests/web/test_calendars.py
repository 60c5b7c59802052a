"""Twin of web/calendars.py, hours.py, changes.py and decrees.py: an office's working time."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from engine.db import EVERYWHERE, Database
from engine.models import CalendarChange, Task
from engine.models import Office as Kantor
from tasks import schedule
from tests.conftest import WITA
from tests.web.conftest import Clock, Office, Visitor, seen

Comes = Callable[[str], Visitor]
CALENDAR = "/offices/gambut/calendar"
DAYS, HOURS = f"{CALENDAR}/days", f"{CALENDAR}/hours"
FLOOD = {"kind": "off", "first": "2026-03-12", "reason": "Banjir, SE 8/2026"}


@pytest.fixture
def camat(visitor: Comes) -> Visitor:
    return visitor("camat.gambut")


@pytest.fixture
def admin(visitor: Comes) -> Visitor:
    return visitor("admin")


def kept(database: Database, slug: str = "gambut") -> dict[str, Any]:
    with database.reading(EVERYWHERE) as session:
        return session.scalars(select(Kantor.calendar).where(Kantor.slug == slug)).one()


def due(database: Database) -> datetime:
    with database.reading(EVERYWHERE) as session:
        due_at = session.scalars(select(Task.due_at)).one()
        assert due_at is not None
        return due_at.astimezone(WITA)


def filled(page: str) -> dict[str, str]:
    """What the form of the hours would send, untouched."""
    fields = dict[str, str]()
    form = page[page.index('action="/offices/gambut/calendar/hours"') :]
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf' {key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            fields[name[1]] = value[1] if value else ""
    zone = re.search(r'<option value="([^"]*)" selected', form)
    assert zone is not None
    fields.pop("csrf_token")
    return {**fields, "zone": zone[1], "reason": "Perbup 9/2026"}


# --- the year as people know it ----------------------------------------------------------------


def test_the_year_shows_each_day_as_what_it_is_in_letters_as_well_as_colours(
    visitor: Comes,
) -> None:
    staf = visitor("staf.gambut")
    page = staf.opens(f"{CALENDAR}?year=2026").text
    said = seen(staf.opens(f"{CALENDAR}?year=2026"))
    assert "240 hari kerja · WITA (Makassar)" in said
    assert "Maret 2026 · 17 hari kerja" in said
    assert "19 Hari Suci Nyepi" in said
    assert (
        '<td class="day day-holiday" title="Hari Suci Nyepi">19<abbr title="libur nasional">L'
        in (page)
    )
    assert '<td class="day day-period is-today" title="Ramadan">12<abbr' in page
    assert "Jumat 07.30–16.30 11.30–13.00 7 jam 30 menit" in said
    assert "Seminggu 37 jam 30 menit" in said
    assert "Ubah jam kerja" not in said
    assert "hari kerja tambahan" in said  # in the legend; there is no button for her
    assert f'href="{DAYS}"' not in page


@pytest.mark.parametrize("year", ["", "2026x", "0000", "9999", "-5", "٢٠٢٦"])
def test_a_year_that_is_none_is_this_one_or_the_nearest(visitor: Comes, year: str) -> None:
    assert visitor("staf.gambut").opens(f"{CALENDAR}?year={year}").status_code == 200


def test_a_month_of_ramadan_is_reckoned_until_somebody_confirms_it(
    admin: Visitor, database: Database
) -> None:
    page = admin.opens(HOURS).text
    assert "hitungan 1448 H, tunggu sidang isbat" in page
    fields = filled(page) | {"p0-sure-1": "1", "p0-first-1": "2027-02-09", "reason": "Sidang isbat"}
    sent = admin.sends(HOURS, **fields)
    said = seen(admin.opens(sent.location))
    assert "Ramadan: tanggal 8 Feb 2027 – 9 Mar 2027 tidak ada" in said
    assert "Ramadan: tanggal tidak ada 9 Feb 2027 – 9 Mar 2027" in said
    assert "Ramadan: Sel, 9 Feb 2027 dipastikan tidak ya" in said
    admin.sends(f"{sent.location}/application")
    [ramadan] = kept(database)["periods"]
    assert ["2027-02-09", "2027-03-09"] in ramadan["ranges"]
    assert ["2024-03-12", "2024-04-09"] in ramadan["ranges"]  # what is over stays
    assert "2027-02-09" in ramadan["confirmed"]
    assert "2024-03-12" in ramadan["confirmed"]


# --- a day is decreed --------------------------------------------------------------------------


def test_a_camat_sees_what_a_decree_moves_before_it_is_in_force(
    camat: Visitor, database: Database, office: Office, clock: Clock
) -> None:
    case = office.starts("Data kinerja bulan Maret")
    proposed = camat.sends(DAYS, **FLOOD)
    said = seen(camat.opens(proposed.location))
    assert "Belum berlaku. Banjir, SE 8/2026" in said
    assert "1 tugas terbuka bergeser tenggatnya: 1 lebih lambat, 0 lebih cepat." in said
    assert "Kam, 12 Mar 2026 09.10 WITA Jum, 13 Mar 2026 08.10 WITA lebih lambat" in said
    assert due(database) == datetime(2026, 3, 12, 9, 10, tzinfo=WITA)

    applied = camat.sends(f"{proposed.location}/application")
    said = seen(camat.opens(applied.location))
    assert "Ditetapkan oleh Rahmadi Syahputra (Camat)" in said
    assert "0 dari 1 berkas terbuka sudah mengikuti" in said
    assert 'data-progress="' in camat.opens(applied.location).text
    assert "sedang diterapkan pada berkas yang terbuka: 0 dari 1." in seen(camat.opens(CALENDAR))
    schedule.tick(database, clock())
    said = seen(camat.opens(applied.location))
    assert "Selesai. 1 berkas terbuka diperiksa, 1 tenggat bergeser." in said
    assert "data-over" in camat.opens(f"{applied.location}/progress").text
    history = seen(camat.opens(f"/cases/{case}"))
    assert "Tenggat bergeser karena kalender kantor berubah" in history
    assert (
        "Kam, 12 Mar 2026 09.10 WITA → Jum, 13 Mar 2026 08.10 WITA “Banjir, SE 8/2026”" in history
    )
    said = seen(camat.opens(f"{CALENDAR}?year=2026"))
    assert "12 Banjir, SE 8/2026 (libur tambahan)" in said
    assert "Banjir, SE 8/2026 Kam, 12 Mar 2026 09.00 WITA · Rahmadi Syahputra" in said


def test_a_proposal_can_be_thrown_away(camat: Visitor, database: Database) -> None:
    before = kept(database)
    proposed = camat.sends(DAYS, **FLOOD)
    assert camat.sends(f"{proposed.location}/removal").location == CALENDAR
    assert camat.opens(proposed.location).status_code == 404
    assert kept(database) == before


def test_a_decreed_day_is_struck_with_a_reason(
    camat: Visitor, database: Database, clock: Clock
) -> None:
    before = kept(database)
    camat.sends(f"{camat.sends(DAYS, **FLOOD).location}/application")
    schedule.tick(database, clock())
    said = seen(camat.opens(DAYS))
    assert "Kam, 12 Mar 2026 · Libur tambahan Banjir, SE 8/2026" in said
    refused = camat.sends(f"{DAYS}/removal", day="2026-03-12", why="")
    assert refused.status_code == 422
    assert 'id="why-2026-03-12-salah"' in refused.text
    struck = camat.sends(f"{DAYS}/removal", day="2026-03-12", why="Surut")
    camat.sends(f"{struck.location}/application")
    assert kept(database) == before


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"kind": "pesta"}, "kind", "Pilih: libur tambahan"),
        ({"first": ""}, "first", "Isi tanggalnya"),
        ({"first": "31-2-2026"}, "first", "Isi tanggalnya"),
        ({"last": "kapan saja"}, "last", "Hari terakhir harus sesudah hari pertama"),
        ({"last": "2026-03-01"}, "last", "Hari terakhir harus sesudah hari pertama"),
        ({"last": "2026-12-31"}, "last", "Paling banyak 31 hari"),
        ({"first": "2026-03-14"}, "first", "memang sudah tidak bekerja"),
        ({"reason": " "}, "reason", "Tulis dasarnya"),
        ({"kind": "worked", "begins": "8"}, "begins", "jam seperti 07:30"),
        ({"kind": "worked", "begins": "16", "ends": "8"}, "begins", "harus sesudah"),
    ],
)
def test_a_decree_is_refused_beside_the_field_to_mend(
    camat: Visitor, fields: dict[str, str], field: str, said: str
) -> None:
    refused = camat.sends(DAYS, **{**FLOOD, **fields})
    assert refused.status_code == 422
    where = refused.text.index(f'id="{field}-salah"')
    assert said in refused.text[where : where + 300]
    if "reason" not in fields:
        assert 'value="Banjir, SE 8/2026"' in refused.text


def test_an_extra_working_day_may_have_hours_of_its_own(camat: Visitor, database: Database) -> None:
    saturday = {"kind": "worked", "first": "14-3-2026", "begins": "8.00", "ends": "12"}
    proposed = camat.sends(DAYS, **{**FLOOD, **saturday})
    said = seen(camat.opens(proposed.location))
    assert "Hari kerja tambahan Sab, 14 Mar 2026 tidak ada Banjir, SE 8/2026 (08.00–12.00)" in said
    camat.sends(f"{proposed.location}/application")
    assert kept(database)["working_days"] == [
        {"day": "2026-03-14", "reason": "Banjir, SE 8/2026", "hours": [["08:00", "12:00"]]}
    ]


def test_a_proposal_that_was_overtaken_says_so(
    camat: Visitor, visitor: Comes, database: Database, clock: Clock
) -> None:
    sekcam = visitor("sekcam.gambut")
    mine, theirs = camat.sends(DAYS, **FLOOD), sekcam.sends(DAYS, **{**FLOOD, "first": "16-3-2026"})
    sekcam.sends(f"{theirs.location}/application")
    refused = camat.sends(f"{mine.location}/application")
    assert refused.status_code == 409
    assert "masih diterapkan pada berkas-berkasnya" in refused.text
    schedule.tick(database, clock())
    refused = camat.sends(f"{mine.location}/application")
    assert refused.status_code == 409
    assert "sudah diubah orang lain" in refused.text


def test_what_does_not_move_for_minutes_says_where_to_look(
    camat: Visitor, office: Office, clock: Clock
) -> None:
    office.starts()
    proposed = camat.sends(DAYS, **FLOOD)
    camat.sends(f"{proposed.location}/application")
    assert "mungkin tidak berjalan" not in camat.opens(proposed.location).text
    clock.passes(minutes=4)
    assert "jam Alur mungkin tidak berjalan" in camat.opens(proposed.location).text


# --- for a whole kabupaten ---------------------------------------------------------------------


def test_a_supervisor_decrees_a_day_for_all_offices_after_seeing_each(
    visitor: Comes, database: Database, office: Office, clock: Clock
) -> None:
    office.starts()
    pengawas = visitor("pengawas.banjar")
    assert "Tetapkan libur sekabupaten" in pengawas.opens("/offices").text
    proposed = pengawas.sends("/decrees", kabupaten="Kabupaten Banjar", **FLOOD)
    said = seen(pengawas.opens(proposed.location))
    assert "2 kantor" in said
    assert "Kecamatan Gambut paling banyak 1 bergeser" in said
    assert "Kecamatan Martapura Barat tidak ada yang bergeser" in said
    applied = pengawas.sends(f"{proposed.location}/application")
    schedule.tick(database, clock())
    assert "Kecamatan Gambut 1 tenggat bergeser" in seen(pengawas.opens(applied.location))
    for slug in ("gambut", "martapura-barat"):
        [day] = kept(database, slug)["days_off"]
        assert day == {"day": "2026-03-12", "reason": "Banjir, SE 8/2026"}
    assert kept(database, "sumbang")["days_off"] == []


def test_a_kabupaten_that_is_not_hers_is_none(visitor: Comes) -> None:
    pengawas = visitor("pengawas.banjar")
    refused = pengawas.sends("/decrees", kabupaten="Kabupaten Banyumas", **FLOOD)
    assert refused.status_code == 422
    assert "Pilih kabupatennya." in refused.text
    assert "Kabupaten Banyumas" not in refused.text


def test_a_decree_for_the_kabupaten_can_be_thrown_away(visitor: Comes, database: Database) -> None:
    pengawas = visitor("pengawas.banjar")
    proposed = pengawas.sends("/decrees", kabupaten="Kabupaten Banjar", **FLOOD)
    pengawas.sends(f"{proposed.location}/removal")
    assert pengawas.opens(proposed.location).status_code == 404
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(CalendarChange)).all() == []


# --- the hours of every week -------------------------------------------------------------------


def test_the_form_of_the_hours_sent_untouched_changes_nothing(admin: Visitor) -> None:
    refused = admin.sends(HOURS, **filled(admin.opens(HOURS).text))
    assert refused.status_code == 422
    assert "kalender kantor ini sudah seperti itu" in refused.text


def test_an_administrator_changes_hours_and_sees_what_a_week_comes_to(
    admin: Visitor, database: Database
) -> None:
    fields = filled(admin.opens(HOURS).text)
    fields |= {
        "saturday-0": "8",
        "saturday-1": "12.30",
        "friday-1": "16.00",
        "zone": "Asia/Jakarta",
    }
    fields.pop("cuti")
    proposed = admin.sends(HOURS, **fields)
    said = seen(admin.opens(proposed.location))
    assert "Zona waktu WITA (Makassar) WIB (Jakarta)" in said
    assert "Jumat 07.30–11.30, 13.00–16.30 07.30–11.30, 13.00–16.00" in said
    assert "Sabtu libur 08.00–12.30" in said
    assert "Cuti bersama diikuti ya tidak" in said
    assert "Jumlah jam seminggu 37 jam 30 menit 41 jam 30 menit" in said
    admin.sends(f"{proposed.location}/application")
    with database.reading(EVERYWHERE) as session:
        gambut = session.scalars(select(Kantor).where(Kantor.slug == "gambut")).one()
    assert gambut.zone == gambut.calendar["zone"] == "Asia/Jakarta"
    assert gambut.calendar["week"]["saturday"] == [["08:00", "12:30"]]


def test_every_mistake_in_the_hours_stands_beside_its_field(admin: Visitor) -> None:
    fields = filled(admin.opens(HOURS).text)
    fields |= {
        "monday-0": "17",
        "wednesday-1": "sore",
        "thursday-2": "",
        "p0-name": "",
        "p0-friday-3": "7",
        "p0-first-1": "besok",
        "p0-last-2": "2020-01-01",
        "reason": "",
    }
    refused = admin.sends(HOURS, **fields)
    assert refused.status_code == 422
    wrong = set(re.findall(r'id="([\w-]+)-salah"', refused.text))
    assert wrong >= {
        "monday-0",
        "wednesday-0",
        "thursday-0",
        "p0-name",
        "p0-friday-0",
        "p0-first-1",
        "p0-last-2",
        "reason",
    }
    assert 'value="sore"' in refused.text


def test_a_week_without_hours_is_none(admin: Visitor) -> None:
    fields = filled(admin.opens(HOURS).text)
    emptied = {
        name: "" if re.fullmatch(r"[a-z]+day-\d", name) else value for name, value in fields.items()
    }
    refused = admin.sends(HOURS, **emptied)
    assert refused.status_code == 422
    assert "belum ada jam kerja" in refused.text


def test_special_periods_may_not_overlap(admin: Visitor) -> None:
    fields = filled(admin.opens(HOURS).text) | {"p0-last-0": "2027-02-20"}
    refused = admin.sends(HOURS, **fields)
    assert refused.status_code == 422
    assert "bertumpuk dengan" in refused.text


def test_a_second_break_and_another_period_find_room(admin: Visitor, database: Database) -> None:
    fields = filled(admin.opens(HOURS).text)
    more = admin.sends(HOURS, **fields, more="break").text
    assert 'id="monday-4"' in more
    more = admin.sends(HOURS, **filled(more), more="period").text
    fields = filled(more)
    assert fields["reason"] == "Perbup 9/2026"
    fields |= {"monday-4": "15.00", "monday-5": "15.15", "p1-name": "Pilkada"}
    fields |= {"p1-first-0": "2026-09-01", "p1-last-0": "2026-09-02", "p1-monday-0": "7"}
    fields |= {"p1-monday-1": "11"}
    proposed = admin.sends(HOURS, **fields)
    said = seen(admin.opens(proposed.location))
    assert "Pilkada: Senin libur 07.00–11.00" in said
    admin.sends(f"{proposed.location}/application")
    calendar = kept(database)
    assert calendar["week"]["monday"] == [
        ["07:30", "12:00"],
        ["13:00", "15:00"],
        ["15:15", "16:00"],
    ]
    assert [period["name"] for period in calendar["periods"]] == ["Ramadan", "Pilkada"]
    # As it was written, it is shown again; a period can be removed.
    again = filled(admin.opens(HOURS).text)
    assert (again["monday-4"], again["monday-5"]) == ("15:00", "15:15")


def test_a_period_can_be_removed(admin: Visitor, database: Database) -> None:
    proposed = admin.sends(HOURS, **filled(admin.opens(HOURS).text), **{"p0-drop": "1"})
    admin.sends(f"{proposed.location}/application")
    assert kept(database)["periods"] == []


@pytest.mark.parametrize(
    "hostile",
    [
        {"breaks": "999999999"},
        {"periods": "-3"},
        {"periods": "1e9"},
        {"zone": "Europe/Amsterdam"},
        {"p0-ranges": "99999"},
        {"p0-name": "<script>alert(1)</script>"},
        {"monday-0": "9" * 5000},
        {"p0-name": "x" * 300},
    ],
)
def test_what_nobody_types_is_refused_or_harmless(
    admin: Visitor, database: Database, hostile: dict[str, str]
) -> None:
    before = kept(database)
    sent = admin.sends(HOURS, **{**filled(admin.opens(HOURS).text), **hostile})
    assert sent.status_code in (303, 422)
    assert "<script>alert" not in sent.text
    assert kept(database) == before
