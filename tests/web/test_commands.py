"""The `alur` command: what goes wrong ends in one sentence and exit code 1, nothing is stored."""

import json
import re
import shutil
import socket
import sqlite3
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from hashlib import sha256
from io import StringIO
from pathlib import Path

import click
import pytest
from sqlalchemy import func, select

from bpmn import library
from engine import cases, demo, schema, webhooks
from engine.access import RIGHTS, Role
from engine.db import EVERYWHERE, Database
from engine.history import Entry
from engine.models import Attempted, Office, Person, Revision, Sop
from tests.conftest import THURSDAY
from web import commands

GAMBUT = "gambut/pengumpulan-dan-pengukuran-data-kinerja"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the demo in it, which the commands are pointed at."""
    monkeypatch.setenv("ALUR_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ALUR_DATABASE_URL", raising=False)
    (tmp_path / "data").mkdir()
    database = opened(tmp_path / "data")
    schema.prepare(database.bind)
    with database.transaction(EVERYWHERE) as session:
        demo.fill(session, THURSDAY)
    database.close()
    return tmp_path / "data"


def opened(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'alur.db'}")


def alur(*words: str) -> tuple[int, str, str]:
    """A run of the command as an operator sees it: exit code, what it says, what it complains."""
    said, complained, argv = StringIO(), StringIO(), sys.argv
    sys.argv = ["alur", *words]
    try:
        with redirect_stdout(said), redirect_stderr(complained):
            commands.main()
        code: object = 0
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.argv = argv
    assert isinstance(code, int)
    return code, said.getvalue(), complained.getvalue()


def every_command(group: click.Group = commands.cli) -> list[click.Command]:
    found: list[click.Command] = []
    for command in group.commands.values():
        found += every_command(command) if isinstance(command, click.Group) else [command]
    return found


def test_every_command_names_a_right_that_the_machine_has() -> None:
    for command in every_command():
        right = getattr(command.callback, "right", None)
        assert right in RIGHTS, command.name
        assert Role.MESIN in RIGHTS[right], command.name


def test_the_measurements_are_taken_where_the_tests_are_and_else_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("web.commands.bench.find_spec", lambda _: None)
    code, _, complaint = alur("bench")
    assert code == 1
    assert complaint.startswith("Pengukuran hanya ada di salinan sumber Alur")


def test_lint_praises_a_shipped_sop(tmp_path: Path) -> None:
    path = tmp_path / "gambut.bpmn"
    path.write_bytes(library.load(GAMBUT))
    code, said, _ = alur("lint", str(path))
    assert code == 0
    assert "0 kesalahan" in said


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "kosong"),
        (b"bukan xml", "bukan"),
        (b"<html/>", "BPMN"),
        (library.load(GAMBUT)[:5_000], "bukan XML yang sah"),
        (library.load(GAMBUT).replace(b"userTask", b"scriptTask"), "Langkah_1"),
        (library.load(GAMBUT).replace(b">PT10M<", b">sepuluh menit<"), "Lewat_1"),
    ],
    ids=["empty", "text", "foreign", "cut off", "scripts", "bad timer"],
)
def test_a_damaged_or_foreign_diagram_is_refused_by_lint_and_publish(
    folder: Path, tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = tmp_path / "rusak.bpmn"
    path.write_bytes(content)
    code, said, _ = alur("lint", str(path))
    assert code == 1
    assert complaint in said
    before = revisions(folder)
    code, said, why = alur("publish", str(path), "--office", "gambut")
    assert code == 1
    assert "belum dapat diterbitkan" in why
    assert complaint in said
    assert revisions(folder) == before


def revisions(folder: Path) -> int:
    database = opened(folder)
    with database.reading(EVERYWHERE) as session:
        count = session.scalar(select(func.count(Revision.id))) or 0
    database.close()
    return count


def test_lint_speaks_json_for_tools(tmp_path: Path) -> None:
    path = tmp_path / "rusak.bpmn"
    path.write_bytes(library.load(GAMBUT).replace(b">PT10M<", b">sepuluh menit<"))
    code, said, _ = alur("lint", "--json", str(path))
    findings = json.loads(said)
    assert code == 1
    assert {"file", "rule", "element", "severity", "message"} == set(findings[0])
    assert any(each["element"] == "Lewat_1" and each["severity"] == "error" for each in findings)


def test_a_good_diagram_is_published_as_the_next_revision(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / f"{GAMBUT.split('/')[1]}.bpmn"
    path.write_bytes(library.load(GAMBUT))
    code, said, _ = alur("publish", str(path), "--office", "gambut")
    assert code == 0
    assert "revisi 2 diterbitkan" in said


def test_of_several_files_none_is_published_when_one_is_bad(folder: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "baik.bpmn", tmp_path / "buruk.bpmn"
    good.write_bytes(library.load(GAMBUT))
    bad.write_bytes(b"<html/>")
    before = revisions(folder)
    assert alur("publish", str(good), str(bad), "--office", "gambut")[0] == 1
    assert revisions(folder) == before


def test_an_unknown_office_a_missing_file_and_a_bad_name_are_told(
    folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "Nama Buruk.bpmn"
    path.write_bytes(library.load(GAMBUT))
    assert "Yang ada: bukit-batu, gambut" in alur("publish", str(path), "--office", "atlantis")[2]
    assert "tidak dapat dibaca" in alur("publish", "tak-ada.bpmn", "--office", "gambut")[2]
    assert "huruf kecil" in alur("publish", str(path), "--office", "gambut")[2]


def test_a_port_in_use_is_told_with_a_way_out(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        code, _, complaint = alur("run", "--port", port)
    assert code == 1
    assert f"127.0.0.1:{port} sudah dipakai" in complaint
    assert "alur run --port" in complaint


def test_an_address_of_another_machine_is_not_said_to_be_in_use(folder: Path) -> None:
    code, _, complaint = alur("web", "--host", "192.0.2.1", "--port", "8765")
    assert code == 1
    assert "tidak dapat melayani di 192.0.2.1:8765" in complaint


def test_a_demo_is_not_served_to_the_world(folder: Path) -> None:
    code, _, complaint = alur("web", "--host", "0.0.0.0", "--port", "8765")
    assert code == 1
    assert "hanya dilayani di komputer ini" in complaint


def test_a_foreign_and_a_newer_database_are_refused(folder: Path) -> None:
    with sqlite3.connect(folder / "alur.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert "lebih baru" in alur("tick")[2]
    (folder / "alur.db").unlink()
    for leftover in folder.glob("alur.db-*"):
        leftover.unlink()
    with sqlite3.connect(folder / "alur.db") as database:
        database.execute("CREATE TABLE barang (nama TEXT)")
    database.close()
    code, _, complaint = alur("tick")
    assert code == 1
    assert "bukan milik Alur" in complaint


def test_a_data_folder_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("sebuah berkas, bukan folder")
    monkeypatch.setenv("ALUR_DATA", str(tmp_path / "data"))
    code, _, complaint = alur("tick")
    assert code == 1
    assert "tidak dapat ditulisi" in complaint


def test_a_bad_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALUR_PORT", "pintu")
    code, _, complaint = alur("web")
    assert code == 1
    assert "ALUR_PORT" in complaint


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("ngawur", "bernilai “ngawur…”"),
        ("mysql://alur:rahasia@server/alur", "bernilai “mysql…”"),
        ("sqlite://", "harus sqlite:///"),
        ("postgresql://alur:rahasia@server:pintu/alur", "tidak dapat dibaca"),
        ("postgresql+psycopg://alur:rahasia@127.0.0.1:1/alur", "tidak dapat dibuka"),
        ("sqlite:////tidak/ada/folder/alur.db", "tidak dapat dibuka"),
    ],
)
def test_a_database_that_cannot_be_had_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, complaint: str
) -> None:
    monkeypatch.setenv("ALUR_DATA", str(tmp_path))
    monkeypatch.setenv("ALUR_DATABASE_URL", url)
    code, _, said = alur("tick")
    assert code == 1
    assert complaint in said
    assert "rahasia" not in said


def test_one_round_of_the_clock_says_what_it_did(folder: Path) -> None:
    code, said, _ = alur("tick")
    assert code == 0
    assert "wake_cases: 0 dikerjakan, 0 gagal" in said


def test_history_is_verified(folder: Path) -> None:
    assert "Riwayat utuh" in alur("verify")[1]


def test_accounts_are_made_listed_changed_and_closed(folder: Path) -> None:
    secret = "kata-sandi-panjang"
    assert alur("user", "add", "Rina.Gambut", "Rina", "--password", secret)[0] == 0
    assert "sudah ada" in alur("user", "add", "rina.gambut", "Rina", "--password", secret)[2]
    assert "12" in alur("user", "add", "pendek", "P", "--password", "pendek")[2]
    assert "rina.gambut" in alur("user", "list")[1]
    assert alur("user", "password", "rina.gambut", "--password", secret + "!")[0] == 0
    assert alur("user", "close", "rina.gambut", "--yes")[0] == 0
    assert "rina.gambut" not in alur("user", "list")[1]
    assert "sudah ada" in alur("user", "add", "rina.gambut", "Rina", "--password", secret)[2]
    for odd in (" ", "r" * 81):
        assert "1 sampai 80" in alur("user", "add", odd, "Rina", "--password", secret)[2]
    assert "Tidak ada akun" in alur("user", "password", "siapa", "--password", secret)[2]
    database = opened(folder)
    with database.reading(EVERYWHERE) as session:
        rina = session.scalars(select(Person).where(Person.account == "rina.gambut")).one()
        assert rina.epoch == 2
    database.close()


def test_running_cases_are_brought_to_the_revision_in_force(folder: Path, tmp_path: Path) -> None:
    database = opened(folder)
    with database.transaction(EVERYWHERE) as session:
        sop = session.scalars(select(Sop).join(Office).where(Office.slug == "gambut")).one()
        cases.begin(session, sop, "Berkas lama", THURSDAY, Entry("started", THURSDAY))
    database.close()
    path = tmp_path / f"{GAMBUT.split('/')[1]}.bpmn"
    path.write_bytes(library.load(GAMBUT).replace(b"Langkah_1", b"Langkah_1a"))
    assert alur("publish", str(path), "--office", "gambut")[0] == 0

    code, said, _ = alur("migrate", GAMBUT, "--dry-run")
    assert code == 0
    assert "0 dapat beralih, 1 tetap" in said
    assert alur("migrate", GAMBUT)[0] == 1
    code, said, _ = alur("migrate", GAMBUT, "--target", "Langkah_1=Langkah_1a")
    assert code == 0
    assert "[1/1] berkas 1 Berkas lama: Langkah_1a" in said
    assert "bukan pasangan" in alur("migrate", GAMBUT, "--target", "Langkah_1")[2]
    assert "Tidak ada SOP" in alur("migrate", "gambut/khayalan")[2]


def test_a_token_is_printed_alone_listed_and_revoked(folder: Path) -> None:
    code, said, complaint = alur("token", "kasubbag.gambut", "--scope", "read", "--days", "7")
    assert (code, complaint) == (0, "")
    assert re.fullmatch(r"alur_[A-Za-z0-9_-]{43}\n", said)
    assert "kasubbag.gambut" in alur("tokens", "list")[1]
    listed = alur("tokens", "list", "kasubbag.gambut")[1].split()
    assert "read" in listed
    assert alur("tokens", "list", "staf.gambut")[1] == ""
    assert alur("tokens", "revoke", listed[0])[0] == 0
    assert alur("tokens", "list")[1] == ""
    assert "sudah dicabut" in alur("tokens", "revoke", listed[0])[2]
    assert "Tidak ada akun" in alur("token", "siapa")[2]
    assert "1 sampai 366 hari" in alur("token", "kasubbag.gambut", "--days", "0")[2]


def test_a_program_gets_an_account_without_a_password(folder: Path) -> None:
    assert "Sebut kantornya" in alur("user", "system", "absensi", "Absensi")[2]
    assert "Tidak ada kantor" in alur("user", "system", "a", "A", "--office", "atlantis")[2]
    assert "Tidak ada kantor" in alur("user", "system", "a", "A", "--kabupaten", "Atlantis")[2]
    assert alur("user", "system", "absensi", "Absensi", "--kabupaten", "Kabupaten Banjar")[0] == 0
    assert "sudah ada" in alur("user", "system", "absensi", "Absensi", "--everywhere")[2]
    refused = alur("user", "password", "absensi", "--password", "kata-sandi-panjang")
    assert "tanpa kata sandi" in refused[2]
    assert alur("token", "absensi")[0] == 0


def test_webhooks_are_added_listed_resent_and_removed(folder: Path) -> None:
    assert "harus lengkap dan dimulai dengan https" in alur("webhook", "add", "http://a.org/")[2]
    assert "jaringan dalam" in alur("webhook", "add", "https://10.0.0.1/")[2]
    url = "https://sakip.example.go.id/alur"
    assert "Tidak ada kantor" in alur("webhook", "add", url, "--office", "atlantis")[2]
    assert "Pilih sedikitnya" in alur("webhook", "add", url, "--topic", "semua")[2]
    code, said, _ = alur("webhook", "add", url, "--office", "gambut", "--name", "e-SAKIP")
    assert code == 0
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/=]{44}\n", said)
    assert "e-SAKIP" in alur("webhook", "list")[1]
    database = opened(folder)
    with database.transaction(EVERYWHERE) as session:
        dead = webhooks.try_out(session, 1, THURSDAY)
        dead.ended_at, dead.ended_as = THURSDAY, "dead"
        session.add(Attempted(dispatch_id=dead.id, at=THURSDAY, status=500, milliseconds=3))
        number = dead.id
    database.close()
    assert "1 gagal" in alur("webhook", "list")[1]
    assert "ping" in alur("webhook", "dead", "1")[1]
    assert "dijawab 500" in alur("webhook", "dead", "1")[1]
    assert "1 kiriman dicoba lagi" in alur("webhook", "retry", "1", str(number))[1]
    assert "tidak (lagi) gagal" in alur("webhook", "retry", "1", str(number))[2]
    assert "0 kiriman dicoba lagi" in alur("webhook", "retry", "1")[1]
    assert alur("webhook", "remove", "1", "--yes")[0] == 0
    assert alur("webhook", "list")[1] == ""
    assert "tidak ada" in alur("webhook", "dead", "1")[2]


def test_an_office_is_added_and_listed(folder: Path) -> None:
    aluh = ("63.03.01", "Kecamatan Aluh-Aluh", "--kabupaten", "Kabupaten Banjar")
    where = ("--province", "Kalimantan Selatan", "--zone", "WITA")
    code, said, _ = alur("office", "add", *aluh, *where)
    assert (code, said) == (
        0,
        "Kantor aluh-aluh dibuat: Kecamatan Aluh-Aluh, Kabupaten Banjar.\n",
    )
    code, _, complained = alur("office", "add", *aluh, *where)
    assert code == 1
    assert "sudah dipakai Kecamatan Aluh-Aluh" in complained
    code, said, _ = alur("office", "list", "banjar")
    assert [line.split()[1] for line in said.splitlines()] == [
        "aluh-aluh",
        "gambut",
        "martapura-barat",
    ]


def test_a_backup_is_written_checked_and_put_back(folder: Path, tmp_path: Path) -> None:
    path = str(tmp_path / "cadangan.zip")
    code, said, _ = alur("backup", path)
    assert code == 0
    assert re.fullmatch(r".*cadangan\.zip: \d+ baris dari \d+ tabel, 0 dokumen, .* MB\n.*\n", said)
    assert f"SHA-256 {sha256(Path(path).read_bytes()).hexdigest()}" in said
    again = alur("backup", path)[2]
    assert again == f"Berkas {path} sudah ada dan tidak ditimpa. Pilih nama lain.\n"
    code, said, _ = alur("restore", "--check", path)
    assert (code, said.startswith(f"{path} utuh: ")) == (0, True)

    code, _, complaint = alur("restore", path)
    assert code == 1
    assert "sudah berisi (5 kantor, 0 berkas)" in complaint
    assert "--yes" in complaint

    # The disk dies: a new folder, and everything is there again.
    shutil.rmtree(folder)
    code, said, _ = alur("restore", path)
    assert code == 0
    assert "Riwayat utuh: 0 catatan diperiksa." in said
    assert alur("verify")[0] == 0
    assert alur("office", "list")[1].count("Kecamatan") == 5


def test_a_database_that_nobody_can_read_makes_room_and_is_kept(
    folder: Path, tmp_path: Path
) -> None:
    path = str(tmp_path / "cadangan.zip")
    assert alur("backup", path)[0] == 0
    database = folder / "alur.db"
    database.write_bytes(database.read_bytes()[:60_000])
    assert "pulihkan cadangan terakhir" in alur("verify")[2]
    assert "pulihkan cadangan terakhir" in alur("restore", path)[2]
    code, said, _ = alur("restore", "--yes", path)
    assert code == 0
    [kept] = folder.glob("alur.db.rusak-*")
    assert f"Basis data yang rusak disimpan sebagai {kept}." in said
    assert kept.stat().st_size == 60_000
    assert alur("verify")[0] == 0


@pytest.mark.parametrize("content", [b"", b"PK", b"bukan zip", bytes(1_000)])
def test_what_is_no_backup_is_refused(folder: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "surat.zip"
    path.write_bytes(content)
    for words in (("restore", "--check"), ("restore", "--yes"), ("restore",)):
        code, _, complaint = alur(*words, str(path))
        assert code == 1
        assert "bukan cadangan Alur, atau terpotong" in complaint
    assert "tidak dapat dibaca" in alur("restore", str(tmp_path / "tidak-ada.zip"))[2]


def test_a_folder_that_is_not_there_takes_no_backup(folder: Path, tmp_path: Path) -> None:
    code, _, complaint = alur("backup", str(tmp_path / "usb" / "cadangan.zip"))
    assert code == 1
    assert "tidak dapat ditulis" in complaint


def test_an_offices_cases_are_handed_to_the_archive(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "gambut.zip"
    code, said, _ = alur("export", "--office", "gambut", "--open-too", str(path))
    assert (code, said) == (0, f"{path}: 0 berkas, 0 dokumen.\n")
    assert zipfile.is_zipfile(path)
    code, _, complaint = alur("export", "--office", "entah", str(tmp_path / "x.zip"))
    assert (code, complaint) == (1, "Tidak ada kantor “entah”. Lihat: alur office list\n")
    for words in ((), ("--office", "gambut", "--person", "admin")):
        code, _, complaint = alur("export", *words, str(tmp_path / "x.zip"))
        assert code == 1
        assert "Sebut satu" in complaint


def test_a_persons_data_are_written_for_her(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "siti.json"
    code, said, _ = alur("export", "--person", "sekcam.gambut", str(path))
    assert code == 0
    assert said.startswith(f"{path}: ")
    known = json.loads(path.read_bytes())
    assert known["nama"] == "Siti Norhayati"
    assert known["data"]["holder"][0]["starts_on"] == "2025-01-02"
    assert "argon2" not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "sudah ada" in alur("export", "--person", "sekcam.gambut", str(path))[2]
