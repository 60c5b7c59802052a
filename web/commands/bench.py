"""The measurements: `alur bench`, where the tests are beside the program."""

import subprocess
import sys
from importlib.util import find_spec

import click

from bpmn.errors import N_
from web.commands.ground import CommandError, command


class NoTests(CommandError):
    sentence = N_(
        "Pengukuran hanya ada di salinan sumber Alur, bukan di program yang terpasang. Di sana: "
        "make bench"
    )


@click.command()
@click.argument("parts", nargs=-1)
@command("server.run")
def bench(parts: tuple[str, ...]) -> None:
    """Ukur kecepatan: tabel untuk dibaca, lalu baris JSON."""
    try:
        is_there = find_spec("tests.bench") is not None
    except ModuleNotFoundError:
        is_there = False
    if not is_there:
        raise NoTests
    # In a program of its own: what this one holds must not be measured along.
    measuring = [sys.executable, "-m", "tests.bench", *parts]
    sys.exit(subprocess.run(measuring, check=False).returncode)  # noqa: S603
