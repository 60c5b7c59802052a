"""Twin of web/secret.py: one key, made once, read by nobody else."""

from pathlib import Path

import pytest

from web import secret


def test_the_key_is_made_once_and_stays(tmp_path: Path) -> None:
    first = secret.key(tmp_path / "var")
    assert len(first) == 64
    assert secret.key(tmp_path / "var") == first


def test_nobody_else_may_read_the_key(tmp_path: Path) -> None:
    secret.key(tmp_path)
    assert (tmp_path / "kunci").stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_is_refused_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "kunci").write_bytes(b"pendek")
    with pytest.raises(secret.Damaged, match="Hapus berkas itu"):
        secret.key(tmp_path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("bukan folder")
    with pytest.raises(secret.NowhereToKeep, match="ALUR_DATA"):
        secret.key(tmp_path / "var")
