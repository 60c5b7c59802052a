"""The `alur` command: what an operator may do on the server itself."""

import sys

import click

from bpmn.errors import AlurError
from web.commands import (
    accounts,
    backups,
    bench,
    diagrams,
    exports,
    offices,
    seals,
    serving,
    tokens,
    webhooks,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="alur")
def cli() -> None:
    """Alur menjalankan SOP kantor kecamatan."""


for _command in (
    serving.run,
    serving.web,
    serving.clock,
    serving.tick,
    diagrams.lint,
    diagrams.publish,
    diagrams.migrate,
    accounts.user,
    offices.office,
    tokens.token,
    tokens.tokens,
    webhooks.webhook,
    seals.verify,
    backups.backup,
    backups.restore,
    exports.export,
    bench.bench,
):
    cli.add_command(_command)


def main() -> None:
    """Run a command; what goes wrong ends in one sentence and exit code 1."""
    try:
        cli(standalone_mode=False)
    except AlurError as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(1)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
