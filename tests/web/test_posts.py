"""Twin of web/posts.py, web/absences.py and web/vacancies.py: an office's posts, day by day."""

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import event, select, update

from engine import people
from engine.db import EVERYWHERE, Database
from engine.models import Absence, Draft, Holder, Post, Task
from tests.conftest import WITA
from tests.web.conftest import Clock, Office, Visitor, seen

Comes = Callable[[str], Visitor]
POSTS, ABSENCES = "/offices/gambut/posts", "/offices/gambut/absences"
KASUBBAG = "kasubbag-perencanaan-keuangan"
WEEK = {"starts_on": "2026-03-16", "ends_on": "2026-03-20", "reason": "cuti"}
PLH = {"capacity": "plh", "decree": "SP 800/9/2026", **WEEK}


@pytest.fixture
def admin(visitor: Comes) -> Visitor:
    return visitor("admin")


@pytest.fixture
def camat(visitor: Comes) -> Visitor:
    return visitor("camat.gambut")


def number(database: Database, account: str) -> str:
    with database.reading(EVERYWHERE) as session:
        person = people.find(session, account)
        assert person is not None
        return str(person.id)


def held(database: Database, account: str, capacity: str = "definitif") -> Holder:
    mine = Holder.person_id == int(number(database, account))
    with database.reading(EVERYWHERE) as session:
        query = select(Holder).where(mine, Holder.capacity == capacity)
        return session.scalars(query.order_by(Holder.id)).all()[-1]


def absence(database: Database) -> Absence:
    with database.reading(EVERYWHERE) as session:
        return session.scalars(select(Absence)).one()


# --- posts -----------------------------------------------------------------------------------


def test_the_list_tells_who_holds_each_post_as_what_and_by_which_decree(visitor: Comes) -> None:
    said = seen(visitor("staf.sumbang").opens("/offices/sumbang/posts"))
    assert "4 jabatan" in said
    assert "Camat camat Plh. Slamet Widodo SP 800/021/2026 · sejak Sen, 2 Feb 2026" in said


def test_a_post_says_which_sops_use_it_and_is_added_and_renamed(
    admin: Visitor, database: Database
) -> None:
    said = seen(admin.opens(f"{POSTS}/pelaksana"))
    assert "Dipakai SOP Pengumpulan dan Pengukuran Data Kinerja" in said
    added = admin.sends(POSTS, name="Kasi Pelayanan", shared="")
    assert added.location == f"{POSTS}/kasi-pelayanan"
    page = seen(admin.opens(added.location))
    assert "Jabatan ini kosong hari ini." in page
    assert "Dipakai SOP tidak ada" in page
    renamed = admin.sends(f"{POSTS}/kasi-pelayanan/name", name="Kasi Pelayanan Umum")
    assert renamed.location == f"{POSTS}/kasi-pelayanan"
    assert "Kasi Pelayanan Umum" in seen(admin.opens(renamed.location))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Nama jabatan harus diisi"),
        ({"name": "Kasi", "slug": "Kasi Umum"}, "hanya huruf kecil"),
        ({"name": "Kasi", "slug": "camat"}, "“camat” sudah dipakai jabatan lain"),
    ],
)
def test_what_is_wrong_with_a_new_post_is_said_by_its_field(
    admin: Visitor, fields: dict[str, str], said: str
) -> None:
    refused = admin.sends(POSTS, **fields)
    assert refused.status_code == 422
    assert said in seen(refused)


def test_a_post_that_diagrams_ask_for_is_one_press_away(
    admin: Visitor, database: Database, office: Office
) -> None:
    office.starts()
    with database.transaction(EVERYWHERE) as session:
        session.execute(update(Task).values(post_id=None))
        session.execute(update(Post).where(Post.slug == KASUBBAG).values(slug="kasubbag-lama"))
    page = admin.opens(POSTS)
    assert f"meminta jabatan yang belum ada di kantor ini: {KASUBBAG}" in seen(page)
    link = re.search(r'href="([^"]+new-post[^"]+)"', page.text)
    assert link is not None
    assert f'value="{KASUBBAG}"' in admin.opens(link[1]).text
    admin.sends(POSTS, name="Kasubbag Perencanaan", slug=KASUBBAG)
    with database.reading(EVERYWHERE) as session:
        [post] = session.scalars(select(Post.slug).join(Task, Task.post_id == Post.id))
        assert post == KASUBBAG


# --- holders ---------------------------------------------------------------------------------


def test_an_administrator_names_anyone_by_account(
    admin: Visitor, visitor: Comes, clock: Clock
) -> None:
    fields = {**PLH, "person": "Kasi.Gambut "}
    assert admin.sends(f"{POSTS}/camat/holders", **fields).status_code == 303
    assert "Hendra Gunawan memegang jabatan ini, 16 Mar 2026 – 20 Mar 2026." in seen(
        admin.opens(f"{POSTS}/camat")
    )
    clock.now = datetime(2026, 3, 15, 23, 30, tzinfo=WITA)
    assert "Plh. Camat" not in seen(visitor("kasi.gambut").opens("/"))
    clock.now = datetime(2026, 3, 16, 0, 0, tzinfo=WITA)
    assert "Hendra Gunawan · Plh. Camat · Kasi/Kasubbag" in seen(visitor("kasi.gambut").opens("/"))


def test_a_leader_chooses_a_plh_among_her_people(camat: Visitor, database: Database) -> None:
    page = camat.opens(f"{POSTS}/camat").text
    assert "Siti Norhayati (Sekretaris Camat)" in page
    assert "Rahmadi Syahputra (Camat)" not in page
    named = camat.sends(f"{POSTS}/camat/holders", **PLH, person=number(database, "sekcam.gambut"))
    assert named.status_code == 303
    assert held(database, "sekcam.gambut", "plh").ends_on == date(2026, 3, 20)
    stranger = number(database, "sekcam.sumbang")
    refused = camat.sends(f"{POSTS}/camat/holders", **PLH, person=stranger)
    assert "pimpinan memilih dari pegawai kantornya" in seen(refused)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"person": "siapa"}, "Tidak ada akun terbuka “siapa”."),
        ({"capacity": ""}, "Pilih bagaimana jabatan ini dipegang"),
        ({"decree": " "}, "Tulis nomor SK"),
        ({"starts_on": "31-2-2026"}, "Isi tanggal antara tahun 1990 dan 2099."),
        ({"starts_on": "0001-01-01"}, "Isi tanggal antara tahun 1990 dan 2099."),
        ({"starts_on": "२०२६-०३-१६"}, "Isi tanggal antara tahun 1990 dan 2099."),
        ({"ends_on": ""}, "isi hari terakhirnya"),
        ({"ends_on": "15-3-2026"}, "tidak boleh sebelum hari pertama, 16 Mar 2026"),
        ({"capacity": "plt"}, "Rahmadi Syahputra memegangnya secara definitif (2 Jan 2025 – …)"),
        ({"capacity": "definitif"}, "dipegang Rahmadi Syahputra sebagai Camat (2 Jan 2025 – …)"),
        ({"person": "camat.gambut"}, "Rahmadi Syahputra sudah memegang jabatan ini"),
    ],
)
def test_a_bad_naming_is_refused_by_its_field_with_what_was_typed(
    admin: Visitor, changed: dict[str, str], said: str
) -> None:
    fields = {**PLH, "person": "kasi.gambut", **changed}
    refused = admin.sends(f"{POSTS}/camat/holders", **fields)
    assert refused.status_code == 422
    assert said in seen(refused)
    assert "invalid-feedback" in refused.text
    if fields["decree"].strip():
        assert 'value="SP 800/9/2026"' in refused.text


def test_a_leader_who_forges_the_form_still_names_only_a_plh(
    camat: Visitor, database: Database
) -> None:
    fields = {**PLH, "capacity": "definitif", "person": number(database, "kasi.gambut")}
    refused = camat.sends(f"{POSTS}/camat/holders", **fields)
    assert refused.status_code == 422
    assert "Pimpinan kantor hanya dapat mencatat Plh." in seen(refused)


def test_a_last_day_is_set_and_a_naming_withdrawn(admin: Visitor, database: Database) -> None:
    admin.sends(f"{POSTS}/camat/holders", **PLH, person="kasi.gambut")
    path = f"{POSTS}/camat/holders/{held(database, 'kasi.gambut', 'plh').id}"
    assert "tidak boleh sebelum" in seen(admin.sends(f"{path}/last-day", ends_on="2026-03-01"))
    assert admin.sends(f"{path}/last-day", ends_on="18-3-2026").status_code == 303
    assert held(database, "kasi.gambut", "plh").ends_on == date(2026, 3, 18)
    assert "kini berlaku 16 Mar 2026 – 18 Mar 2026" in seen(admin.opens(f"{POSTS}/camat"))
    assert admin.sends(f"{path}/withdrawal").status_code == 303
    assert admin.sends(f"{path}/withdrawal").status_code == 404


def test_what_was_typed_survives_a_session_that_ended(admin: Visitor, database: Database) -> None:
    fields = {**PLH, "person": "kasi.gambut", "csrf_token": "x"}
    assert admin.client.post(f"{POSTS}/camat/holders", data=fields).status_code == 403
    assert 'value="SP 800/9/2026"' in admin.opens(f"{POSTS}/camat").text
    admin.sends(f"{POSTS}/camat/holders", **PLH, person="kasi.gambut")
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Draft)).all() == []


# --- absences --------------------------------------------------------------------------------


def test_she_records_her_own_absence_and_sees_it_say_so(
    visitor: Comes, database: Database, clock: Clock
) -> None:
    staf = visitor("staf.gambut")
    assert "Yang tidak masuk" not in seen(staf.opens(f"{ABSENCES}/new"))
    sent = staf.sends(ABSENCES, **WEEK, substitute=number(database, "kasi.gambut"))
    assert sent.location == ABSENCES
    said = seen(staf.opens(ABSENCES))
    assert "Tercatat tidak masuk, 16 Mar 2026 – 20 Mar 2026." in said
    assert "Budi Santoso Cuti · dicatat oleh Budi Santoso" in said
    assert "Hendra Gunawan akan datang Batalkan" in said
    clock.now = datetime(2026, 3, 16, 0, 0, tzinfo=WITA)
    assert "Anda tercatat tidak masuk sampai Jum, 20 Mar 2026 ; Hendra Gunawan" in seen(
        visitor("staf.gambut").opens("/")
    )
    assert "Anda menggantikan Budi Santoso sampai Jum, 20 Mar 2026" in seen(
        visitor("kasi.gambut").opens("/")
    )


def test_one_that_begins_today_takes_effect_at_once(
    visitor: Comes, database: Database, office: Office
) -> None:
    case = office.starts()
    task = office.claims("kasubbag.gambut", case)
    kasi = number(database, "kasi.gambut")
    today = {**WEEK, "starts_on": "2026-03-12"}
    visitor("kasubbag.gambut").sends(ABSENCES, **today, substitute=kasi)
    with database.reading(EVERYWHERE) as session:
        assert session.get_one(Task, task).claimed_by == int(kasi)
    visitor("kasubbag.gambut").sends(f"{ABSENCES}/{absence(database).id}/end")
    with database.reading(EVERYWHERE) as session:
        back = session.get_one(Task, task).claimed_by
    assert str(back) == number(database, "kasubbag.gambut")
    history = seen(visitor("camat.gambut").opens(f"/cases/{case}"))
    assert (
        "Langkah beralih kepada pengganti: Merumuskan pengumpulan data dan memerintahkan surat "
        "kepada Hendra Gunawan, a.n. Kasubbag Perencanaan, Keuangan dan Aset (Aulia Rahmah), "
        "pengganti selama cuti"
    ) in history
    assert "Langkah kembali kepada yang digantikan" in history


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ends_on": ""}, "Isi tanggal antara tahun"),
        ({"ends_on": "2026-03-15"}, "tidak boleh sebelum hari pertama"),
        ({"starts_on": "2026-03-01", "ends_on": "2026-03-02"}, "Hari terakhirnya sudah lewat"),
        ({"reason": "sakit gigi"}, "Pilih alasannya."),
        ({"substitute": "self"}, "Pilih pengganti yang memegang jabatan"),
        ({"substitute": "99999999999999999999"}, "Pilih pengganti yang memegang jabatan"),
    ],
)
def test_a_bad_absence_is_refused_by_its_field(
    visitor: Comes, changed: dict[str, str], said: str
) -> None:
    refused = visitor("staf.gambut").sends(ABSENCES, **{**WEEK, **changed})
    assert refused.status_code == 422
    assert said in seen(refused)


def test_nobody_records_another_by_forging_the_form(visitor: Comes, database: Database) -> None:
    camat = number(database, "camat.gambut")
    assert visitor("staf.gambut").sends(ABSENCES, **WEEK, person=camat).status_code == 403


def test_a_leader_records_for_others_and_an_administrator_sees_no_work_by_it(
    camat: Visitor, admin: Visitor, database: Database
) -> None:
    staf = number(database, "staf.gambut")
    assert camat.sends(ABSENCES, **WEEK, person=staf, substitute="").status_code == 303
    assert "tanpa pengganti" in seen(admin.opens(ABSENCES))
    assert admin.opens("/vacancies").status_code == 403
    assert admin.opens("/cases").status_code == 403


# --- posts with nobody there -----------------------------------------------------------------


def test_a_vacant_post_is_on_its_page_above_the_inbox_and_on_the_task(
    visitor: Comes, camat: Visitor, database: Database, office: Office, clock: Clock
) -> None:
    case = office.starts()
    task = office.waiting("kasubbag.gambut", case)
    kasubbag = number(database, "kasubbag.gambut")
    today = {**WEEK, "starts_on": "2026-03-12"}
    camat.sends(ABSENCES, **today, person=kasubbag, substitute="")
    for who in ("camat.gambut", "sekcam.gambut", "pengawas.banjar"):
        said = seen(visitor(who).opens("/"))
        assert "1 jabatan kosong , 1 tugas menunggu tanpa ada yang mengerjakan" in said
    assert "jabatan kosong" not in seen(visitor("staf.gambut").opens("/"))
    assert "jabatan kosong" not in seen(visitor("camat.sumbang").opens("/"))
    listed = seen(camat.opens("/vacancies"))
    assert "Kecamatan Gambut Kam, 12 Mar 2026 Sab, 21 Mar 2026 1" in listed
    told = seen(visitor("staf.gambut").opens(f"/tasks/{task}"))
    assert "Tidak ada pemegang jabatan Kasubbag Perencanaan, Keuangan dan Aset sejak" in told


def test_the_inbox_of_a_leader_asks_no_more_the_more_posts_are_vacant(
    visitor: Comes, camat: Visitor, database: Database
) -> None:
    def statements() -> int:
        counted: list[str] = []
        listener = lambda *facts: counted.append(facts[2])  # noqa: E731
        event.listen(database.bind, "before_cursor_execute", listener)
        assert visitor("camat.gambut").opens("/").status_code == 200
        event.remove(database.bind, "before_cursor_execute", listener)
        return len(counted)

    before = statements()
    today = {**WEEK, "starts_on": "2026-03-12"}
    for who in ("kasubbag", "kasi", "staf", "sekcam"):
        camat.sends(ABSENCES, **today, person=number(database, f"{who}.gambut"), substitute="")
    assert statements() == before
