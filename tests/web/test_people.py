"""Twin of web/people.py and web/account.py: accounts from the first password to the last day."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import demo, people
from engine.db import EVERYWHERE, Database
from engine.models import AccountEvent, Attempt, Draft, Grant, Office, Person
from engine.people import MOST_ATTEMPTS
from tests.web.conftest import Clock, Visitor, seen

Comes = Callable[[str], Visitor]
OWN = "rawa gambut 2026"


def person(database: Database, account: str) -> Person:
    with database.reading(EVERYWHERE) as session:
        return session.scalars(select(Person).where(Person.account == account)).one()


def kinds(database: Database, account: str) -> list[str]:
    with database.reading(EVERYWHERE) as session:
        query = select(AccountEvent.kind).join(Person, Person.id == AccountEvent.person_id)
        return list(session.scalars(query.where(Person.account == account)))


def first_password(text: str) -> str:
    found = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){2}", text)
    assert found is not None, text
    return found[0]


@pytest.fixture
def admin(visitor: Comes) -> Visitor:
    return visitor("admin")


# --- the first password ----------------------------------------------------------------------


def test_a_new_account_gets_a_password_that_is_shown_once_and_must_be_changed(
    admin: Visitor, stranger: Visitor, database: Database
) -> None:
    made = admin.sends("/people", name="Citra  Lestari", account=" Citra.Gambut ")
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    first = first_password(made.text)
    citra = person(database, "citra.gambut")
    assert (citra.name, citra.must_change) == ("Citra Lestari", True)
    assert first not in admin.opens(f"/people/{citra.id}").text

    assert stranger.signs_in("citra.gambut", first).location == "/"
    assert stranger.opens("/cases?status=open").location == (
        "/account/password?to=/cases?status%3Dopen"
    )
    assert stranger.sends("/cases", title="Titip").location == "/account/password?to=/"
    page = stranger.opens("/account/password?to=/cases?status%3Dopen")
    assert "dibuatkan oleh pengelola akun" in seen(page)
    changed = stranger.sends(
        "/account/password",
        to="/cases?status=open",
        first="1",
        current_password=first,
        new_password=OWN,
        again_password=OWN,
    )
    assert changed.location == "/cases?status=open"
    assert "Kata sandi Anda sudah diganti." in seen(stranger.opens("/account"))
    assert kinds(database, "citra.gambut") == ["opened", "changed"]


def test_a_script_of_hers_is_told_the_same_in_json(visitor: Comes, database: Database) -> None:
    kasubbag = visitor("kasubbag.gambut")
    with database.transaction(EVERYWHERE) as session:
        hers = people.find(session, "kasubbag.gambut")
        assert hers is not None
        hers.must_change = True
    answer = kasubbag.opens("/cases/1/progress")
    assert answer.status_code == 403
    assert answer.json is not None
    assert "kata sandi" in answer.json["detail"]


def test_she_may_always_go_away_again(visitor: Comes, database: Database) -> None:
    kasubbag = visitor("kasubbag.gambut")
    with database.transaction(EVERYWHERE) as session:
        hers = people.find(session, "kasubbag.gambut")
        assert hers is not None
        hers.must_change = True
    assert kasubbag.sends("/sign-out").location == "/sign-in"


def test_an_administrator_may_choose_the_first_password_herself(
    admin: Visitor, stranger: Visitor
) -> None:
    made = admin.sends("/people", name="Citra", account="citra", first_password=OWN)
    assert OWN in seen(made)
    assert stranger.signs_in("citra", OWN).location == "/"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "", "account": "citra"}, "Nama orangnya harus diisi"),
        ({"name": "x" * 121, "account": "citra"}, "paling panjang 120"),
        ({"name": "Citra", "account": ""}, "1 sampai 80"),
        ({"name": "Citra", "account": "c" * 81}, "1 sampai 80"),
        ({"name": "Citra", "account": "citra lestari"}, "tanpa spasi"),
        ({"name": "Citra", "account": "<script>"}, "tanpa spasi"),
        ({"name": "Citra", "account": "Camat.GAMBUT"}, "“camat.gambut” sudah ada"),
        ({"name": "Citra", "account": "citra", "first_password": "pendek"}, "12 sampai 1000"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_by_its_field(
    admin: Visitor, database: Database, fields: dict[str, str], said: str
) -> None:
    refused = admin.sends("/people", **fields)
    assert refused.status_code == 422
    assert said in seen(refused)
    assert "invalid-feedback" in refused.text
    with database.reading(EVERYWHERE) as session:
        assert people.find(session, "citra") is None


def test_a_password_is_never_kept_as_a_draft(admin: Visitor, database: Database) -> None:
    fields = {"name": "Citra", "account": "citra", "first_password": OWN, "csrf_token": "x"}
    assert admin.client.post("/people", data=fields).status_code == 403
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Draft.fields)).all() == [
            {"name": "Citra", "account": "citra"}
        ]
    assert 'value="Citra"' in admin.opens("/people/new").text


# --- what an administrator does to one -------------------------------------------------------


def test_a_reset_ends_the_old_password_and_every_session(
    admin: Visitor, visitor: Comes, stranger: Visitor, database: Database
) -> None:
    staf, number = visitor("staf.gambut"), person(database, "staf.gambut").id
    first = first_password(admin.sends(f"/people/{number}/password").text)
    assert staf.opens("/").location == "/sign-in"
    assert stranger.signs_in("staf.gambut").status_code == 401
    assert stranger.signs_in("staf.gambut", first).location == "/"
    assert stranger.opens("/").location == "/account/password?to=/"
    assert kinds(database, "staf.gambut") == ["reset"]


def test_ending_the_sessions_leaves_the_password(
    admin: Visitor, visitor: Comes, stranger: Visitor, database: Database
) -> None:
    staf, number = visitor("staf.gambut"), person(database, "staf.gambut").id
    assert admin.sends(f"/people/{number}/sign-out").status_code == 303
    assert staf.opens("/").location == "/sign-in"
    assert stranger.signs_in("staf.gambut").location == "/"


def test_closing_asks_first_and_then_is_for_good(
    admin: Visitor, visitor: Comes, stranger: Visitor, database: Database
) -> None:
    staf, number = visitor("staf.gambut"), person(database, "staf.gambut").id
    assert "Centang dahulu" in seen(admin.sends(f"/people/{number}/closure"))
    assert staf.opens("/").status_code == 200
    assert admin.sends(f"/people/{number}/closure", sure="1").status_code == 303
    assert staf.opens("/").location == "/sign-in"
    assert stranger.signs_in("staf.gambut").status_code == 401
    assert "Akun ini ditutup" in seen(admin.opens(f"/people/{number}"))
    for deed in ("closure", "password", "sign-out", "name"):
        assert admin.sends(f"/people/{number}/{deed}", sure="1", name="X").status_code == 409


def test_nobody_closes_herself_nor_the_last_administrator(
    admin: Visitor, database: Database
) -> None:
    number = person(database, "admin").id
    assert "Ini akun Anda sendiri" in seen(admin.sends(f"/people/{number}/closure", sure="1"))
    assert "Tutup akun" not in seen(admin.opens(f"/people/{number}"))


def test_who_keeps_the_accounts_of_one_office_does_not_open_those_of_all(
    visitor: Comes, database: Database
) -> None:
    with database.transaction(EVERYWHERE) as session:
        office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        staf = people.find(session, "staf.gambut")
        assert staf is not None
        session.add(Grant(person_id=staf.id, role="admin", office_id=office.id))
    staf_, admin = visitor("staf.gambut"), person(database, "admin").id
    assert staf_.opens("/people").status_code == 403
    assert staf_.opens("/people/new").status_code == 403
    assert staf_.sends(f"/people/{admin}/password").status_code == 403
    assert staf_.sends("/people", name="X", account="x").status_code == 403


def test_a_name_is_changed_and_an_unknown_account_is_not_there(
    admin: Visitor, database: Database
) -> None:
    number = person(database, "staf.gambut").id
    admin.sends(f"/people/{number}/name", name="Budi Santoso, S.AP.")
    assert person(database, "staf.gambut").name == "Budi Santoso, S.AP."
    assert "harus diisi" in seen(admin.sends(f"/people/{number}/name", name="  "))
    assert admin.opens("/people/99999").status_code == 404
    assert admin.sends("/people/99999/password").status_code == 404


# --- roles -----------------------------------------------------------------------------------


def grants(database: Database, account: str) -> list[int]:
    with database.reading(EVERYWHERE) as session:
        query = select(Grant.id).join(Person, Person.id == Grant.person_id)
        return list(session.scalars(query.where(Person.account == account)))


def test_a_role_is_given_by_the_area_code_and_taken_again(
    admin: Visitor, visitor: Comes, database: Database
) -> None:
    number = person(database, "staf.gambut").id
    given = admin.sends(f"/people/{number}/roles", role="perancang", place=" 63.03.14 ")
    assert given.status_code == 303
    staf = visitor("staf.gambut")
    assert "SOP baru" in seen(staf.opens("/sops"))
    assert "Perancang SOP, Kecamatan Martapura Barat" in seen(admin.opens(f"/people/{number}"))
    again = admin.sends(f"/people/{number}/roles", role="perancang", place="martapura-barat")
    assert "Peran itu sudah dimilikinya di sana." in seen(again)
    [grant] = grants(database, "staf.gambut")
    assert admin.sends(f"/people/{number}/roles/{grant}/revocation").status_code == 303
    assert "SOP baru" not in seen(staf.opens("/sops"))
    told = seen(staf.opens("/account"))
    assert "Peran dicabut: Perancang SOP, Kecamatan Martapura Barat Administrator" in told
    assert kinds(database, "staf.gambut") == ["granted", "revoked"]


def test_a_supervisor_is_named_for_a_kabupaten_as_its_offices_write_it(
    admin: Visitor, visitor: Comes, database: Database
) -> None:
    number = person(database, "staf.samboja").id
    admin.sends(f"/people/{number}/roles", role="pengawas", place="kabupaten  BANJAR")
    assert "Pengawas, Kabupaten Banjar" in seen(visitor("staf.samboja").opens("/account"))


def test_a_supervisor_of_the_nation_sees_every_office(
    admin: Visitor, visitor: Comes, database: Database
) -> None:
    number = person(database, "staf.samboja").id
    admin.sends(f"/people/{number}/roles", role="pengawas", place="indonesia")
    supervisor = visitor("staf.samboja")
    assert "Pengawas, Indonesia" in seen(supervisor.opens("/account"))
    assert "5 kantor" in seen(supervisor.opens("/monitor?view=summary"))
    assert supervisor.opens("/sops/sumbang/pengukuran-kinerja").status_code == 200


@pytest.mark.parametrize(
    ("role", "place", "said"),
    [
        ("", "gambut", "Pilih perannya."),
        ("mesin", "", "Pilih perannya."),
        ("sistem", "gambut", "Pilih perannya."),
        ("perancang", "", "Tidak ada kantor"),
        ("perancang", "atlantis", "“atlantis”"),
        ("pengawas", "", "Tidak ada kantor di"),
        ("pengawas", "%", "Tidak ada kantor di"),
        ("pengawas", "Kabupaten Atlantis", "Tulis lengkap"),
    ],
)
def test_a_bad_role_is_refused_by_its_field(
    admin: Visitor, database: Database, role: str, place: str, said: str
) -> None:
    number = person(database, "staf.gambut").id
    refused = admin.sends(f"/people/{number}/roles", role=role, place=place)
    assert refused.status_code == 422
    assert said in seen(refused)
    assert grants(database, "staf.gambut") == []


def test_the_last_administrator_stays_one_and_nobody_takes_another_accounts_role(
    admin: Visitor, visitor: Comes, database: Database
) -> None:
    own, [grant] = person(database, "admin").id, grants(database, "admin")
    assert admin.sends(f"/people/{own}/roles/{grant}/revocation").status_code == 409
    staf = person(database, "staf.gambut").id
    assert admin.sends(f"/people/{staf}/roles/{grant}/revocation").status_code == 404
    admin.sends(f"/people/{staf}/roles", role="admin")
    second = visitor("staf.gambut")
    assert second.sends(f"/people/{own}/roles/{grant}/revocation").status_code == 303
    assert admin.opens("/people").status_code == 403
    [left] = grants(database, "staf.gambut")
    assert second.sends(f"/people/{staf}/roles/{left}/revocation").status_code == 409


# --- the list --------------------------------------------------------------------------------


def test_the_list_is_searched_by_name_and_account_and_says_how_many(admin: Visitor) -> None:
    found = seen(admin.opens("/people?search=gambut+budi"))
    assert "1 akun" in found
    assert "Budi Santoso staf.gambut Pelaksana, Kecamatan Gambut terbuka" in found
    assert "Tidak ada akun yang cocok." in seen(admin.opens("/people?search=%25"))


def test_the_list_goes_on_page_by_page(admin: Visitor, database: Database) -> None:
    with database.transaction(EVERYWHERE) as session:
        session.add_all(
            Person(account=f"staf.{n}", name="Muhammad Noor", password_hash="-") for n in range(70)
        )
    accounts, path = [], "/people?search=muhammad+noor"
    while path:
        page = admin.opens(path)
        assert "70 akun" in seen(page)
        accounts += re.findall(r">(staf\.\d+)<", page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(accounts) == len(set(accounts)) == 70


def test_closed_accounts_have_a_list_of_their_own(admin: Visitor, database: Database) -> None:
    number = person(database, "staf.gambut").id
    admin.sends(f"/people/{number}/closure", sure="1")
    assert "Akun staf.gambut ditutup." in seen(admin.opens(f"/people/{number}"))
    assert "staf.gambut" not in admin.opens("/people?search=staf").text
    assert "staf.gambut" in admin.opens("/people?search=staf&view=closed").text


# --- one's own -------------------------------------------------------------------------------


def changes(who: Visitor, current: str, new: str, again: str | None = None) -> str:
    typed = {"current_password": current, "new_password": new, "again_password": again or new}
    return seen(who.sends("/account/password", **typed))


def test_a_changed_password_ends_the_sessions_elsewhere_and_not_here(
    app: object, visitor: Comes, stranger: Visitor, database: Database
) -> None:
    here, elsewhere = visitor("staf.gambut"), visitor("staf.gambut")
    changes(here, demo.PASSWORD, OWN)
    assert here.opens("/account").status_code == 200
    assert elsewhere.opens("/").location == "/sign-in"
    assert stranger.signs_in("staf.gambut").status_code == 401
    assert stranger.signs_in("staf.gambut", OWN).location == "/"


@pytest.mark.parametrize(
    ("current", "new", "again", "said"),
    [
        ("salah", OWN, OWN, "Kata sandi sekarang tidak cocok."),
        (demo.PASSWORD, OWN, OWN + "!", "Kedua kata sandi baru tidak sama."),
        (demo.PASSWORD, "sebelas-kar", "sebelas-kar", "12 sampai 1000"),
        (demo.PASSWORD, " " * 20, " " * 20, "12 sampai 1000"),
        (demo.PASSWORD, demo.PASSWORD, demo.PASSWORD, "sama dengan yang lama"),
    ],
)
def test_a_bad_change_is_refused_by_its_field_and_changes_nothing(
    visitor: Comes, stranger: Visitor, current: str, new: str, again: str, said: str
) -> None:
    assert said in changes(visitor("staf.gambut"), current, new, again)
    assert stranger.signs_in("staf.gambut").location == "/"


def test_whoever_finds_an_open_browser_does_not_guess_the_password(
    visitor: Comes, database: Database, clock: Clock
) -> None:
    staf = visitor("staf.gambut")
    for _ in range(MOST_ATTEMPTS):
        assert "tidak cocok" in changes(staf, "tebakan", OWN)
    with database.reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Attempt)).all()) == MOST_ATTEMPTS
    assert "coba lagi" in changes(staf, demo.PASSWORD, OWN)
    clock.now += timedelta(minutes=16)
    assert "Redirecting" in changes(staf, demo.PASSWORD, OWN)


def test_the_account_page_says_what_one_is(visitor: Comes) -> None:
    said = seen(visitor("camat.sumbang").opens("/account"))
    assert "Plh. Camat (SP 800/021/2026) , Kecamatan Sumbang" in said
    assert "Pengawas, Kabupaten Banjar" in seen(visitor("pengawas.banjar").opens("/account"))
    assert "Perancang SOP, Kecamatan Gambut" in seen(visitor("perancang.gambut").opens("/account"))


def test_a_closed_account_is_forgotten_only_after_a_tick(
    visitor: Callable[[str], Visitor], database: Database
) -> None:
    admin = visitor("admin")
    with database.reading(EVERYWHERE) as session:
        staf = people.find(session, "staf.gambut")
        assert staf is not None
    page = f"/people/{staf.id}"
    assert "Hapus data pribadi" not in admin.opens(page).text
    assert admin.sends(f"{page}/erasure", sure="1").status_code == 409
    admin.sends(f"{page}/closure", sure="1")
    refused = admin.sends(f"{page}/erasure")
    assert refused.status_code == 422
    assert 'id="erase-salah"' in refused.text
    assert admin.sends(f"{page}/erasure", sure="1").status_code == 303
    said = seen(admin.opens(page))
    assert f"Pegawai {staf.id} (data dihapus)" in said
    assert "Data pribadi dihapus" in said
    assert "Budi Santoso" not in said


def test_everybody_downloads_what_is_known_of_her(visitor: Callable[[str], Visitor]) -> None:
    answer = visitor("kasubbag.gambut").opens("/account/data.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="data-saya.json"'
    assert answer.json is not None
    assert answer.json["nama"] == "Aulia Rahmah"
    assert "argon2" not in answer.text
