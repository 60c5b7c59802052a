"""Working time, told on the calendars of Gambut (Kab. Banjar) and Sumbang (Kab. Banyumas)."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn.durations import Duration, parse
from engine.worktime import (
    RAMADAN,
    ZONES,
    Calendar,
    HoursError,
    OutsideCalendar,
    TooFar,
    banjar,
    banyumas,
    national,
    perpres,
)

GAMBUT = banjar()
SUMBANG = banyumas()
SIX_DAYS = Calendar.from_dict(
    {
        "zone": "Asia/Jayapura",
        "week": {
            "monday": [["07:30", "14:00"]],
            "tuesday": [["07:30", "14:00"]],
            "wednesday": [["07:30", "14:00"]],
            "thursday": [["07:30", "14:00"]],
            "friday": [["07:30", "11:30"]],
            "saturday": [["07:30", "14:00"]],
        },
    }
)


def at(text: str, calendar: Calendar = GAMBUT) -> datetime:
    """An instant written on the office's own clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.hours.zone))


def due(start: str, duration: str, calendar: Calendar = GAMBUT) -> str:
    """When a step is due, on the office's own clock."""
    return shown(calendar.add(at(start, calendar), parse(duration)), calendar)


def shown(instant: datetime, calendar: Calendar = GAMBUT) -> str:
    return f"{instant.astimezone(ZoneInfo(calendar.hours.zone)):%a %d %b %Y %H:%M}"


def changed(calendar: Calendar = GAMBUT, **fields: Any) -> Calendar:
    return Calendar.from_dict(calendar.to_dict() | fields)


# Minutes and hours


def test_minutes_within_the_morning_are_minutes_on_the_clock() -> None:
    assert due("2026-01-05T09:00", "PT10M") == "Mon 05 Jan 2026 09:10"


def test_minutes_wait_for_the_end_of_the_break() -> None:
    # 11:50–12:00 is 10 of the 30 minutes; the other 20 begin at 13:00.
    assert due("2026-01-05T11:50", "PT30M") == "Mon 05 Jan 2026 13:20"


def test_fridays_break_is_longer() -> None:
    # Friday's break is 11:30–13:00: 10 minutes before it, 20 after it.
    assert due("2026-01-09T11:20", "PT30M") == "Fri 09 Jan 2026 13:20"


def test_ten_minutes_opened_five_before_closing_on_friday_end_five_into_monday() -> None:
    # Friday closes 16:30: five minutes on Friday, five from Monday 07:30.
    assert due("2026-01-09T16:25", "PT10M") == "Mon 12 Jan 2026 07:35"


def test_what_ends_with_the_day_is_due_that_day_and_not_next_morning() -> None:
    assert due("2026-01-05T15:50", "PT10M") == "Mon 05 Jan 2026 16:00"
    assert due("2026-01-05T11:50", "PT10M") == "Mon 05 Jan 2026 12:00"
    # Sumbang closes 15:30.
    assert due("2026-01-05T15:20", "PT10M", SUMBANG) == "Mon 05 Jan 2026 15:30"


def test_the_clock_of_a_step_opened_outside_hours_starts_at_the_next_opening() -> None:
    assert due("2026-01-05T05:00", "PT10M") == "Mon 05 Jan 2026 07:40"
    assert due("2026-01-05T12:30", "PT10M") == "Mon 05 Jan 2026 13:10"
    assert due("2026-01-05T16:00", "PT10M") == "Tue 06 Jan 2026 07:40"
    assert due("2026-01-10T10:00", "PT10M") == "Mon 12 Jan 2026 07:40"


def test_hours_may_take_days() -> None:
    # Mon 09:00–16:00 is 6 h, Tue 7.5 h: 13.5 h. The other 2.5 h end Wed 10:00.
    assert due("2026-01-05T09:00", "PT16H") == "Wed 07 Jan 2026 10:00"


def test_ramadan_has_hours_of_its_own() -> None:
    # Wed 18 Feb closes 16:00; Ramadan begins Thu 19 Feb, and Thursday opens 08:00.
    assert due("2026-02-18T15:50", "PT30M") == "Thu 19 Feb 2026 08:20"
    # Thu closes 15:00: 10 minutes left; Fri 08:00–12:00, break until 13:00: 4 h 20 more.
    assert due("2026-02-19T14:50", "PT4H30M") == "Fri 20 Feb 2026 13:20"


def test_lebaran_is_not_worked() -> None:
    # Tue 17 Mar 2026 closes 15:00 (Ramadan). 18 cuti bersama, 19 Nyepi, 20 cuti bersama, 21–22
    # Idul Fitri, 23–24 cuti bersama. Wed 25 Mar opens 07:30, for Ramadan is over.
    assert due("2026-03-17T14:55", "PT10M") == "Wed 25 Mar 2026 07:35"


# Days and weeks


def test_a_week_in_gambut_passes_over_nyepi_and_lebaran() -> None:
    # Fri 13 (1), Mon 16 (2), Tue 17 (3), 18–24 holidays and cuti bersama, Wed 25 (4), Thu 26 (5).
    assert due("2026-03-12T09:00", "P1W") == "Thu 26 Mar 2026 09:00"


def test_without_cuti_bersama_the_same_week_is_shorter() -> None:
    # 13 (1), 16 (2), 17 (3), 18 (4), 19 Nyepi, 20 (5).
    served = changed(cuti_bersama=False)
    assert due("2026-03-12T09:00", "P1W", served) == "Fri 20 Mar 2026 09:00"


def test_without_holidays_a_week_is_a_week() -> None:
    tireless = changed(cuti_bersama=False, national_holidays=False)
    assert due("2026-03-12T09:00", "P1W", tireless) == "Thu 19 Mar 2026 09:00"


def test_days_are_working_days_at_the_same_time_of_day() -> None:
    # Tue 6 (1) … Fri 9 (4), Mon 12 (5).
    assert due("2026-01-05T09:15", "P5D") == "Mon 12 Jan 2026 09:15"


def test_a_week_has_six_days_where_the_office_works_six() -> None:
    # Tue 6 (1), Wed 7 (2), Thu 8 (3), Fri 9 (4), Sat 10 (5), Mon 12 (6).
    assert SIX_DAYS.hours.days_per_week == 6
    assert due("2026-01-05T09:00", "P1W", SIX_DAYS) == "Mon 12 Jan 2026 09:00"
    assert due("2026-01-05T09:00", "P5D", SIX_DAYS) == "Sat 10 Jan 2026 09:00"


def test_days_opened_outside_hours_count_from_the_next_opening() -> None:
    # Opened on Saturday: the clock starts Mon 12 Jan 07:30.
    assert due("2026-01-10T10:00", "P1D") == "Tue 13 Jan 2026 07:30"
    # Opened at closing time sharp: the clock starts Tue 6 Jan 07:30.
    assert due("2026-01-05T16:00", "P1D") == "Wed 07 Jan 2026 07:30"
    # Opened in the break: the clock starts at 13:00.
    assert due("2026-01-05T12:10", "P1D") == "Tue 06 Jan 2026 13:00"


def test_a_time_of_day_after_closing_becomes_closing_time() -> None:
    # Wed 18 Feb closes 16:00, Thu 19 Feb (Ramadan) closes 15:00.
    assert due("2026-02-18T15:40", "P1D") == "Thu 19 Feb 2026 15:00"


def test_a_time_of_day_before_opening_becomes_opening_time() -> None:
    # Ramadan opens 08:00.
    assert due("2026-02-18T07:40", "P1D") == "Thu 19 Feb 2026 08:00"


def test_a_time_of_day_in_the_break_becomes_the_end_of_the_break() -> None:
    # Thursday works until 12:00, Friday's break is 11:30–13:00.
    assert due("2026-01-08T11:40", "P1D") == "Fri 09 Jan 2026 13:00"
    # The first minute of the break still is working time's end.
    assert due("2026-01-08T11:30", "P1D") == "Fri 09 Jan 2026 11:30"


def test_days_come_before_minutes() -> None:
    # Two days: Wed 7 Jan 15:00; of 4 hours one is left that day, three end Thu 10:30.
    assert due("2026-01-05T15:00", "P2DT4H") == "Thu 08 Jan 2026 10:30"


def test_days_may_cross_the_new_year() -> None:
    # 2026: Thu 31 Dec (1); 2027: Fri 1 Jan is a holiday, Mon 4 Jan (2).
    assert due("2026-12-30T09:00", "P2D") == "Mon 04 Jan 2027 09:00"
    # 2.5 h on the 31st after 13:30, then Mon 4 Jan from 07:30.
    assert due("2026-12-31T13:30", "PT3H") == "Mon 04 Jan 2027 08:00"


# Decrees and zones


def test_a_decreed_day_off_is_passed_over() -> None:
    decreed = changed(days_off=[{"day": "2026-08-18", "reason": "Libur HUT RI, SE 12/2026"}])
    # Fri 14 Aug 16:20: ten minutes; Mon 17 is a holiday; Tue 18 Aug by decree or not.
    assert due("2026-08-14T16:20", "PT20M") == "Tue 18 Aug 2026 07:40"
    assert due("2026-08-14T16:20", "PT20M", decreed) == "Wed 19 Aug 2026 07:40"
    assert decreed.note(date(2026, 8, 18)) == "Libur HUT RI, SE 12/2026"


def test_a_decree_can_make_cuti_bersama_a_working_day_at_the_usual_hours() -> None:
    # 24 Dec 2026 is a Thursday, and cuti bersama.
    strict = changed(working_days=[{"day": "2026-12-24", "reason": "Pelayanan akhir tahun"}])
    assert due("2026-12-23T15:50", "PT20M", strict) == "Thu 24 Dec 2026 07:40"
    assert strict.note(date(2026, 12, 24)) == "Pelayanan akhir tahun"
    assert strict.hours.holiday(date(2026, 12, 24)) is None


def test_a_decreed_saturday_borrows_the_hours_of_monday() -> None:
    replacing = changed(working_days=[{"day": "2026-01-10", "reason": "Pengganti"}])
    assert due("2026-01-09T16:20", "PT20M", replacing) == "Sat 10 Jan 2026 07:40"
    assert replacing.closing(date(2026, 1, 10)) == at("2026-01-10T16:00")


def test_a_decree_can_shorten_a_day() -> None:
    short = changed(
        working_days=[{"day": "2026-01-05", "reason": "Upacara", "hours": [["10:00", "12:00"]]}]
    )
    assert due("2026-01-05T08:00", "PT3H", short) == "Tue 06 Jan 2026 08:30"


@pytest.mark.parametrize(("zone", "utc"), [("Jakarta", 1), ("Makassar", 0), ("Jayapura", -1)])
def test_every_zone_opens_on_its_own_clock(zone: str, utc: int) -> None:
    # 08:00 local is 01:00, 00:00 and 23:00 of the day before in UTC.
    office = perpres(f"Asia/{zone}")
    midnight = datetime(2026, 1, 6, tzinfo=UTC)
    start = midnight + timedelta(hours=utc)
    assert office.add(start, parse("PT10M")) == start + timedelta(minutes=10)
    assert office.add(start, parse("P1D")) == start + timedelta(days=1)
    assert office.opening(date(2026, 1, 6)) == start - timedelta(minutes=30)


def test_a_decreed_new_years_morning_in_papua_belongs_to_the_new_year() -> None:
    # 07:30 WIT on 1 January is 22:30 UTC on 31 December.
    office = changed(
        perpres("Asia/Jayapura"), working_days=[{"day": "2026-01-01", "reason": "Piket"}]
    )
    assert due("2026-01-01T07:40", "PT10M", office) == "Thu 01 Jan 2026 07:50"
    assert due("2026-01-01T07:40", "P1D", office) == "Fri 02 Jan 2026 07:40"


def test_the_zones_kept_here_are_those_of_the_time_zone_database() -> None:
    for zone, offset in ZONES.items():
        for year in (2000, 2026, 2030):
            assert datetime(year, 7, 1, tzinfo=ZoneInfo(zone)).utcoffset() == offset


def test_instants_come_back_in_utc_and_a_naive_one_is_a_mistake() -> None:
    assert GAMBUT.add(at("2026-01-05T09:00"), parse("PT10M")).tzinfo is UTC
    with pytest.raises(TypeError):
        GAMBUT.add(datetime(2026, 1, 5, 9), parse("PT10M"))  # noqa: DTZ001


# Asking the calendar


def test_an_interval_is_open_from_its_first_instant_until_before_its_last() -> None:
    assert GAMBUT.is_open(at("2026-01-05T07:30"))
    assert not GAMBUT.is_open(at("2026-01-05T12:00"))
    assert not GAMBUT.is_open(at("2026-01-05T12:30"))
    assert GAMBUT.is_open(at("2026-01-05T15:59"))
    assert not GAMBUT.is_open(at("2026-01-05T16:00"))
    assert not GAMBUT.is_open(at("2026-01-10T10:00"))


def test_next_opening_is_now_while_open() -> None:
    assert GAMBUT.next_opening(at("2026-01-05T09:00")) == at("2026-01-05T09:00")
    assert GAMBUT.next_opening(at("2026-01-05T12:10")) == at("2026-01-05T13:00")
    assert GAMBUT.next_opening(at("2025-12-31T20:00")) == at("2026-01-02T07:30")


def test_a_day_shows_its_intervals_and_its_note() -> None:
    friday = [at("2026-02-20T08:00"), at("2026-02-20T12:00")]
    friday += [at("2026-02-20T13:00"), at("2026-02-20T15:30")]
    assert GAMBUT.intervals(date(2026, 2, 20)) == (tuple(friday[:2]), tuple(friday[2:]))
    assert GAMBUT.opening(date(2026, 2, 20)) == friday[0]
    assert GAMBUT.closing(date(2026, 2, 20)) == friday[-1]
    assert GAMBUT.note(date(2026, 2, 20)) == "Ramadan"
    assert GAMBUT.note(date(2026, 1, 5)) is None


def test_a_holiday_has_no_hours_but_an_indonesian_name() -> None:
    nyepi = date(2026, 3, 19)
    assert GAMBUT.intervals(nyepi) == ()
    assert GAMBUT.opening(nyepi) is GAMBUT.closing(nyepi) is None
    assert GAMBUT.note(nyepi) == "Hari Suci Nyepi"
    assert "Cuti Bersama" in str(GAMBUT.note(date(2026, 3, 18)))


def test_remaining_is_negative_when_overdue() -> None:
    deadline = at("2026-01-05T15:30")
    assert GAMBUT.remaining(at("2026-01-05T15:20"), deadline) == 10
    assert GAMBUT.remaining(at("2026-01-05T11:00"), deadline) == 60 + 150
    assert GAMBUT.remaining(at("2026-01-05T15:30:30"), deadline) == -1
    # 30 minutes on Monday, then the evening costs nothing, then 15 on Tuesday.
    assert GAMBUT.remaining(at("2026-01-05T20:00"), deadline) == -30
    assert GAMBUT.remaining(at("2026-01-06T07:45"), deadline) == -45


def test_working_days_between_counts_what_add_would_span() -> None:
    assert GAMBUT.working_days_between(at("2026-03-12T09:00"), at("2026-03-26T09:00")) == 5
    assert GAMBUT.working_days_between(at("2026-03-26T09:00"), at("2026-03-12T09:00")) == -5
    assert GAMBUT.working_days_between(at("2026-01-10T10:00"), at("2026-01-12T09:00")) == 0
    assert GAMBUT.working_days_between(at("2026-01-10T10:00"), at("2026-01-11T09:00")) == 0
    assert GAMBUT.working_days_between(at("2025-12-31T10:00"), at("2026-01-05T10:00")) == 2


def test_the_year_2026_has_240_working_days() -> None:
    days = [date(2026, 1, 1) + timedelta(n) for n in range(365)]
    assert sum(1 for day in days if GAMBUT.intervals(day)) == 240


# Pausing


def paused(
    deadline: str, since: str, until: str, duration: str = "PT4H", calendar: Calendar = GAMBUT
) -> str:
    moved = calendar.resume(
        at(deadline, calendar), at(since, calendar), at(until, calendar), parse(duration)
    )
    return shown(moved, calendar)


def test_a_step_of_hours_gains_the_working_minutes_of_the_pause() -> None:
    # Paused Mon 10:00 to Tue 08:00: 2 h + 3 h on Monday, 30 minutes on Tuesday: 5.5 h.
    # Due Mon 14:00: 2 h more on Monday, 3.5 h from Tue 07:30.
    assert (
        paused("2026-01-05T14:00", "2026-01-05T10:00", "2026-01-06T08:00")
        == "Tue 06 Jan 2026 11:00"
    )


def test_a_pause_outside_hours_moves_nothing() -> None:
    assert (
        paused("2026-01-05T16:00", "2026-01-05T12:00", "2026-01-05T13:00")
        == "Mon 05 Jan 2026 16:00"
    )
    assert (
        paused("2026-01-13T09:00", "2026-01-09T17:00", "2026-01-12T07:00", "P5D")
        == "Tue 13 Jan 2026 09:00"
    )


def test_a_step_of_days_keeps_its_time_of_day_after_a_pause_of_days() -> None:
    # Paused Tue 10:00 to Thu 10:00, two days: due Fri 09:00, now Tue 09:00.
    assert (
        paused("2026-01-09T09:00", "2026-01-06T10:00", "2026-01-08T10:00", "P5D")
        == "Tue 13 Jan 2026 09:00"
    )


def test_a_step_of_days_gains_the_odd_minutes_too() -> None:
    # Paused Tue 10:00 to Wed 10:30: one day and 30 minutes.
    assert (
        paused("2026-01-09T09:00", "2026-01-06T10:00", "2026-01-07T10:30", "P1W")
        == "Mon 12 Jan 2026 09:30"
    )


def test_less_than_a_day_of_pause_never_costs_more_than_a_day() -> None:
    # Paused Wed 18 Feb 07:30 to 16:00 for 7.5 h of work; due Thu 19 Feb 08:00 in Ramadan, where a
    # day has 6.5 h: the minutes would lead to Fri 09:00, a whole day only to Fri 08:00.
    assert (
        paused("2026-02-19T08:00", "2026-02-18T07:30", "2026-02-18T16:00", "P1D")
        == "Fri 20 Feb 2026 08:00"
    )


def test_an_overdue_step_is_as_late_after_the_pause_as_before() -> None:
    deadline, since, until = at("2026-01-05T09:00"), at("2026-01-05T10:00"), at("2026-01-07T11:00")
    moved = GAMBUT.resume(deadline, since, until)
    assert GAMBUT.remaining(until, moved) == GAMBUT.remaining(since, deadline) == -60


def test_a_pause_that_ends_before_it_begins_moves_nothing() -> None:
    for duration in (parse("PT1H"), parse("P1D")):
        assert GAMBUT.resume(
            at("2026-01-06T09:00"), at("2026-01-05T10:00"), at("2026-01-05T09:00"), duration
        ) == at("2026-01-06T09:00")


# The hours as data


def weekly_hours(calendar: Calendar, monday: date) -> float:
    days = (monday + timedelta(n) for n in range(7))
    spans = (end - start for day in days for start, end in calendar.intervals(day))
    return sum(spans, timedelta()) / timedelta(hours=1)


@pytest.mark.parametrize("office", [perpres("Asia/Jakarta"), GAMBUT, SUMBANG])
def test_a_week_has_37_and_a_half_hours_and_in_ramadan_32_and_a_half(office: Calendar) -> None:
    assert weekly_hours(office, date(2026, 1, 5)) == 37.5
    assert weekly_hours(office, date(2026, 3, 2)) == 32.5


def test_ramadan_ends_on_the_eve_of_idul_fitri() -> None:
    names = {"Hari Raya Idul Fitri", "Hari Raya Idul Fitri (perkiraan)"}
    for month in RAMADAN:
        eid = month.last + timedelta(days=1)
        assert national.days(eid.year, True, False)[eid] in names
        assert 29 <= (eid - month.first).days <= 30


def test_ramadan_2026_is_the_decreed_one() -> None:
    assert next(month for month in RAMADAN if month.hijri == 1447)[1:3] == (
        date(2026, 2, 19),
        date(2026, 3, 20),
    )


def test_holidays_and_cuti_bersama_of_2026_are_those_of_the_joint_decree() -> None:
    assert len(national.days(2026, True, False)) == 17
    assert len(national.days(2026, False, True)) == 8
    assert national.days(2026, False, False) == {}


def test_a_calendar_survives_its_dict() -> None:
    full = changed(
        days_off=[{"day": "2026-08-18", "reason": "Libur"}],
        working_days=[
            {"day": "2026-12-24", "reason": "Piket"},
            {"day": "2026-01-10", "reason": "Pengganti", "hours": [["08:00", "12:00"]]},
        ],
    )
    assert Calendar.from_dict(json.loads(json.dumps(full.to_dict()))) == full
    assert full.to_dict()["week"]["friday"] == [["07:30", "11:30"], ["13:00", "16:30"]]


def test_offices_with_the_same_hours_share_one_calendar() -> None:
    assert Calendar.from_dict(GAMBUT.to_dict()) is Calendar.from_dict(GAMBUT.to_dict())
    assert changed(cuti_bersama=False) != GAMBUT


def test_only_the_zone_and_a_week_are_needed_and_toml_may_write_them() -> None:
    text = """
    zone = "Asia/Jakarta"
    week.monday = [["08.00", "12:00"], ["13:00", "24:00"]]
    days_off = [{day = 2026-01-12, reason = "Bersih desa"}]
    """
    calendar = Calendar.from_dict(tomllib.loads(text))
    assert calendar.hours.national_holidays
    assert calendar.hours.cuti_bersama
    assert calendar.hours.days_per_week == 1
    # Mon 5 Jan until midnight is 11 hours after 13:00; Mon 12 Jan is off.
    assert due("2026-01-05T13:00", "PT11H", calendar) == "Tue 06 Jan 2026 00:00"
    assert due("2026-01-05T13:00", "PT12H", calendar) == "Mon 19 Jan 2026 09:00"


WRONG = [
    ({"zone": "Europe/Paris"}, "Zona waktu: “Europe/Paris” tidak dikenal"),
    ({"zone": None}, "Zona waktu: isinya harus berupa teks"),
    ({"week": []}, "Jam kerja: isinya harus berupa daftar isian bernama"),
    ({"week": {}}, "Jam kerja: belum ada jam kerja"),
    ({"week": {"monday": []}}, "Jam kerja: belum ada jam kerja"),
    ({"week": {"senin": []}}, "Jam kerja: isian “senin” tidak dikenal"),
    ({"week": {"friday": "07:30"}}, "Jam kerja Jumat: isinya harus berupa daftar"),
    ({"week": {"friday": [["07:30"]]}}, "Jam kerja Jumat: isinya harus berupa pasangan"),
    ({"week": {"friday": [["7", "8"]]}}, "Jam kerja Jumat: isinya harus berupa jam seperti"),
    ({"week": {"friday": [["23:00", "24:30"]]}}, "Jam kerja Jumat: isinya harus berupa jam"),
    ({"week": {"friday": [[7, 8]]}}, "Jam kerja Jumat: isinya harus berupa jam seperti"),
    ({"week": {"friday": [["16:00", "07:30"]]}}, "Jam kerja Jumat: 07:30 harus sesudah 16:00"),
    (
        {"week": {"friday": [["07:30", "12:00"], ["11:30", "16:00"]]}},
        "Jam kerja Jumat: 07:30–12:00 bertumpuk dengan 11:30–16:00",
    ),
    ({"week": {"friday": [["07:30", "08:00"]] * 13}}, "Jam kerja Jumat: paling banyak 12"),
    ({"cuti_bersama": "ya"}, "Cuti bersama: isinya harus berupa ya atau tidak"),
    ({"national_holidays": 1}, "Libur nasional: isinya harus berupa ya atau tidak"),
    ({"hari_libur": []}, "Kalender kerja: isian “hari_libur” tidak dikenal"),
    ({"days_off": [{"day": "2026-02-30", "reason": "x"}]}, "Libur tambahan ke-1, tanggal"),
    ({"days_off": [{"day": "2026-08-18"}]}, "Libur tambahan ke-1, alasan: isinya harus"),
    ({"days_off": [{"day": "2026-08-18", "reason": "x" * 201}]}, "Libur tambahan ke-1, alasan"),
    (
        {"days_off": [{"day": "2026-08-18", "reason": "x"}] * 2},
        "Libur tambahan: tanggal 18-08-2026 tercantum dua kali",
    ),
    ({"days_off": [{}] * 1001}, "Libur tambahan: paling banyak 1000"),
    (
        {
            "days_off": [{"day": "2026-08-18", "reason": "x"}],
            "working_days": [{"day": "2026-08-18", "reason": "y"}],
        },
        "Hari kerja tambahan: tanggal 18-08-2026 juga tercantum sebagai libur tambahan",
    ),
    ({"periods": [{"name": "Ramadan"}]}, "Ramadan, tanggal: isinya harus berupa daftar"),
    (
        {"periods": [{"name": "Ramadan", "ranges": [["2026-03-20", "2026-02-19"]]}]},
        "Ramadan, tanggal: 19-02-2026 harus sesudah 20-03-2026",
    ),
    (
        {"periods": [{"name": "Ramadan", "ranges": [["2026-02-19", "2026-03-20"]], "week": {}}]},
        "Ramadan, jam kerja: belum ada jam kerja",
    ),
]


@pytest.mark.parametrize(("fields", "sentence"), WRONG)
def test_hours_that_cannot_be_are_refused_by_naming_the_field(
    fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(HoursError) as refused:
        changed(**fields)
    assert str(refused.value).startswith(sentence)


def test_special_periods_may_not_overlap() -> None:
    week = {"monday": [["08:00", "12:00"]]}
    periods = [
        {"name": "Ramadan", "ranges": [["2026-02-19", "2026-03-20"]], "week": week},
        {"name": "Banjir", "ranges": [["2026-03-20", "2026-03-21"]], "week": week},
    ]
    with pytest.raises(HoursError) as refused:
        changed(periods=periods)
    assert str(refused.value) == (
        "Masa khusus: Ramadan (20-03-2026) bertumpuk dengan Banjir (20-03-2026)."
    )


def test_what_is_no_dict_at_all_is_refused() -> None:
    nonsense: list[Any] = [[], None, "kalender", 7]
    for written in nonsense:
        with pytest.raises(HoursError, match="Kalender kerja"):
            Calendar.from_dict(written)


# Guards


def test_a_deadline_beyond_twenty_years_is_refused_in_a_sentence() -> None:
    for duration in (Duration(days=10_000), Duration(weeks=1500), Duration(minutes=10**12)):
        with pytest.raises(TooFar, match="lebih dari 20 tahun"):
            GAMBUT.add(at("2026-01-05T09:00"), duration)


def test_an_office_of_one_minute_a_week_cannot_hold_anyone_up() -> None:
    rare = changed(week={"monday": [["08:00", "08:01"]]}, periods=[])
    assert due("2026-01-05T09:00", "PT1M", rare) == "Mon 12 Jan 2026 08:01"
    with pytest.raises(TooFar):
        rare.add(at("2026-01-05T09:00"), parse("PT40H"))


def test_years_without_a_calendar_are_refused() -> None:
    with pytest.raises(OutsideCalendar, match="Tahun 1999"):
        GAMBUT.is_open(at("1999-06-01T09:00"))
    with pytest.raises(OutsideCalendar, match="Tahun 2101"):
        GAMBUT.add(at("2100-12-31T15:00"), parse("P1W"))


def test_reading_holidays_waits_until_needed_and_spares_other_countries() -> None:
    # The web process starts fast and stays small: 250 countries cost a second and many megabytes.
    script = """
import sys
from engine import worktime
from datetime import date
assert "holidays" not in sys.modules
assert worktime.perpres("Asia/Jakarta").note(date(2026, 3, 19)) == "Hari Suci Nyepi"
assert "holidays.countries.germany" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_another_layout_of_the_holidays_package_still_serves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(national, "_package", lambda: tmp_path)
    indonesia = national._indonesia.__wrapped__()
    assert date(2026, 3, 19) in indonesia(years=2026)


# Properties, over years and over calendars

calendars = st.sampled_from(
    [GAMBUT, SUMBANG, SIX_DAYS, perpres("Asia/Jayapura"), changed(cuti_bersama=False)]
)
instants = st.timedeltas(timedelta(0), timedelta(days=5 * 365)).map(
    lambda since: datetime(2024, 1, 1, tzinfo=UTC) + since
)
minutes = st.integers(1, 20_000).map(lambda count: Duration(minutes=count))
durations = st.builds(Duration, st.integers(0, 8), st.integers(0, 30), st.integers(0, 3000)).filter(
    lambda duration: duration != Duration()
)


Property = Callable[..., None]


def holds_for(*strategies: st.SearchStrategy[Any]) -> Callable[[Property], Property]:
    # No deadline: the first example of all reads the holidays.
    return lambda test: settings(deadline=None)(given(*strategies)(test))


def walked(calendar: Calendar, start: datetime, work: timedelta) -> datetime:
    """The same sum by the slow road: day by day, interval by interval."""
    day = start.astimezone(ZoneInfo(calendar.hours.zone)).date()
    while True:
        for opening, closing in calendar.intervals(day):
            begin = max(start, opening)
            if begin < closing:
                if work <= closing - begin:
                    return begin + work
                work -= closing - begin
        day += timedelta(days=1)


def counted(calendar: Calendar, start: datetime, days: int) -> date:
    day = calendar.next_opening(start).astimezone(ZoneInfo(calendar.hours.zone)).date()
    while days:
        day += timedelta(days=1)
        days -= bool(calendar.intervals(day))
    return day


def within_hours(calendar: Calendar, instant: datetime) -> bool:
    day = instant.astimezone(ZoneInfo(calendar.hours.zone)).date()
    return any(start <= instant <= end for start, end in calendar.intervals(day))


@holds_for(calendars, instants, minutes)
def test_minutes_agree_with_the_slow_road(
    calendar: Calendar, start: datetime, duration: Duration
) -> None:
    slow = walked(calendar, start, timedelta(minutes=duration.minutes))
    assert calendar.add(start, duration) == slow


@holds_for(calendars, instants, st.integers(1, 300))
def test_days_agree_with_the_slow_road(calendar: Calendar, start: datetime, days: int) -> None:
    end = calendar.add(start, Duration(days=days))
    assert end.astimezone(ZoneInfo(calendar.hours.zone)).date() == counted(calendar, start, days)
    assert calendar.working_days_between(start, end) == days


@holds_for(calendars, instants, minutes)
def test_between_gives_back_the_minutes_added(
    calendar: Calendar, start: datetime, duration: Duration
) -> None:
    end = calendar.add(start, duration)
    assert calendar.between(start, end) == timedelta(minutes=duration.minutes)
    assert calendar.between(end, start) == -timedelta(minutes=duration.minutes)
    assert calendar.remaining(start, end) == duration.minutes


@holds_for(calendars, instants, minutes, minutes)
def test_minutes_add_up(calendar: Calendar, start: datetime, one: Duration, two: Duration) -> None:
    together = calendar.add(start, Duration(minutes=one.minutes + two.minutes))
    assert calendar.add(calendar.add(start, one), two) == together


@holds_for(calendars, instants, instants, instants)
def test_between_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)


@holds_for(calendars, instants, durations)
def test_a_due_time_lies_within_working_hours(
    calendar: Calendar, start: datetime, duration: Duration
) -> None:
    end = calendar.add(start, duration)
    assert end > start
    assert within_hours(calendar, end)


@holds_for(calendars, instants, st.timedeltas(timedelta(0), timedelta(days=9)), durations)
def test_who_starts_later_is_never_due_earlier(
    calendar: Calendar, start: datetime, later: timedelta, duration: Duration
) -> None:
    assert calendar.add(start, duration) <= calendar.add(start + later, duration)


@holds_for(calendars, instants, durations, durations)
def test_a_longer_duration_is_never_due_earlier(
    calendar: Calendar, start: datetime, duration: Duration, more: Duration
) -> None:
    longer = Duration(
        duration.weeks + more.weeks, duration.days + more.days, duration.minutes + more.minutes
    )
    assert calendar.add(start, duration) <= calendar.add(start, longer)


@holds_for(calendars, instants)
def test_the_next_opening_is_open_and_costs_no_working_time(
    calendar: Calendar, instant: datetime
) -> None:
    opening = calendar.next_opening(instant)
    assert calendar.is_open(opening)
    assert calendar.between(instant, opening) == timedelta(0)
    assert calendar.is_open(instant) == (opening == instant)


@holds_for(calendars, instants, minutes, instants, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_a_pause_leaves_what_remained(
    calendar: Calendar, start: datetime, duration: Duration, since: datetime, pause: timedelta
) -> None:
    deadline = calendar.add(start, duration)
    moved = calendar.resume(deadline, since, since + pause, duration)
    assert calendar.between(since + pause, moved) == calendar.between(since, deadline)


@holds_for(
    calendars,
    instants,
    durations,
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_a_longer_pause_never_moves_a_due_time_less(
    calendar: Calendar, start: datetime, duration: Duration, pause: timedelta, more: timedelta
) -> None:
    deadline = calendar.add(start, duration)
    shorter = calendar.resume(deadline, start, start + pause, duration)
    longer = calendar.resume(deadline, start, start + pause + more, duration)
    assert deadline <= shorter <= longer
    assert within_hours(calendar, longer)


clock_times = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
intervals = st.lists(clock_times, min_size=0, max_size=8, unique=True).map(
    lambda moments: [
        [f"{start:%H:%M}", f"{end:%H:%M}"]
        for start, end in zip(sorted(moments)[::2], sorted(moments)[1::2], strict=False)
    ]
)
weeks = st.fixed_dictionaries(
    {"monday": st.just([["08:00", "12:00"]])},
    optional={
        "tuesday": intervals,
        "friday": intervals,
        "saturday": intervals,
        "sunday": intervals,
    },
)
odd_calendars = st.fixed_dictionaries(
    {"zone": st.sampled_from(sorted(ZONES)), "week": weeks},
    optional={"national_holidays": st.booleans(), "cuti_bersama": st.booleans()},
).map(Calendar.from_dict)


@holds_for(odd_calendars, instants, minutes, st.integers(1, 100))
def test_odd_weeks_reckon_as_well_as_ordinary_ones(
    calendar: Calendar, start: datetime, duration: Duration, days: int
) -> None:
    assert Calendar.from_dict(calendar.to_dict()) == calendar
    slow = walked(calendar, start, timedelta(minutes=duration.minutes))
    assert calendar.add(start, duration) == slow
    end = calendar.add(start, Duration(days=days))
    assert within_hours(calendar, end)
    assert calendar.working_days_between(start, end) == days


def test_a_week_comes_to_the_hours_of_an_ordinary_one() -> None:
    # Banyumas: 4 × 7.75 h + 6.5 h; a day of it 7.5 h, whatever weekday.
    assert banyumas().about(Duration(weeks=1)) == timedelta(hours=37.5)
    assert banyumas().about(Duration(days=2, minutes=30)) == timedelta(hours=15.5)
