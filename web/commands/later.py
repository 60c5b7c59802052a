"""Promised, and not there yet: they say so, and the help does not name them."""

from typing import Final

import click

from bpmn.errors import N_
from web.commands.ground import CommandError, command

NOT_YET: Final = ("backup", "bench", "export", "restore")


class NotThereYet(CommandError):
    sentence = N_("alur %(name)s belum ada pada versi ini.")


def refusal(name: str) -> click.Command:
    @click.command(name, hidden=True, context_settings={"ignore_unknown_options": True})
    @click.argument("_words", nargs=-1)
    @command("server.run")
    def refuse(_words: tuple[str, ...]) -> None:
        raise NotThereYet(name=name)

    return refuse
