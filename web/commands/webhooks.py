"""Addresses that are told what happens: `alur webhook list`, `add`, `remove`, `dead`, `retry`."""

from typing import TYPE_CHECKING

import click
from sqlalchemy.orm import Session

from engine import clock, settings
from engine.access import MACHINE
from web.commands.accounts import NoSuchReach
from web.commands.ground import command, working

if TYPE_CHECKING:
    from engine.models import Office

_RIGHT = "webhook.manage"


@click.group()
def webhook() -> None:
    """Kelola webhook: alamat yang diberi tahu setiap ada kejadian."""


@webhook.command("list")
@command(_RIGHT)
def webhook_list() -> None:
    """Daftar webhook, dengan kiriman yang menunggu dan yang gagal."""
    from engine import webhooks

    with working() as session:
        after: str | None = ""
        while after is not None:
            found = webhooks.page(session, MACHINE, after=after or None, limit=200)
            for row in found.items:
                where = row.office.slug if row.office else "semua kantor"
                click.echo(
                    f"{row.webhook.id:>6}  {row.webhook.name:<30} {where:<24} "
                    f"{row.waiting} menunggu, {row.dead} gagal  {row.webhook.url}"
                )
            after = found.next


@webhook.command("add")
@click.argument("url")
@click.option("--name", default="alur webhook", help="Siapa yang diberi tahu.")
@click.option("--office", metavar="SLUG", help="Hanya kantor ini (bawaan: semua kantor).")
@click.option("--topic", "topics", multiple=True, help="case, task, escalation; boleh beberapa.")
@command(_RIGHT)
def webhook_add(url: str, name: str, office: str | None, topics: tuple[str, ...]) -> None:
    """Beri tahu sebuah alamat; hanya kunci tanda tangannya yang dicetak."""
    from engine import webhooks
    from tasks import webhooks as sender

    sender.check(url, settings.from_environment().networks)
    with working() as session:
        owner = _office(session, office) if office else None
        chosen = topics or webhooks.TOPICS
        made = webhooks.make(session, MACHINE, owner, name, url, chosen, clock.now())
        secret = made.secret
    click.echo(secret)


def _office(session: Session, slug: str) -> "Office":
    from sqlalchemy import select

    from engine.models import Office

    office = session.scalar(select(Office).where(Office.slug == slug))
    if office is None:
        raise NoSuchReach(name=slug)
    return office


@webhook.command("remove")
@click.argument("number", type=int)
@click.confirmation_option(prompt="Hapus webhook ini? Yang masih menunggu tidak dikirim.")
@command(_RIGHT)
def webhook_remove(number: int) -> None:
    """Hapus webhook menurut nomornya pada daftar."""
    from engine import webhooks

    with working() as session:
        webhooks.end(session, MACHINE, number, clock.now())
    click.echo(f"Webhook {number} dihapus.")


@webhook.command("dead")
@click.argument("number", type=int)
@command(_RIGHT)
def webhook_dead(number: int) -> None:
    """Kiriman yang gagal untuk seterusnya, dengan percobaan terakhirnya."""
    from engine import webhooks

    with working() as session:
        webhooks.find(session, MACHINE, number)
        after: str | None = ""
        while after is not None:
            found = webhooks.dispatches(
                session, number, state="dead", after=after or None, limit=200
            )
            for line in found.items:
                kind = webhooks.kind(line.dispatch.topic, line.event.kind if line.event else None)
                last = line.tries[-1] if line.tries else None
                why = (last.why or f"dijawab {last.status}") if last else "belum dicoba"
                when = f"{line.dispatch.at:%Y-%m-%d %H.%M} UTC"
                click.echo(f"{line.dispatch.id:>8}  {when}  {kind:<24} {why}")
            after = found.next


@webhook.command("retry")
@click.argument("number", type=int)
@click.argument("deliveries", nargs=-1, type=int)
@command(_RIGHT)
def webhook_retry(number: int, deliveries: tuple[int, ...]) -> None:
    """Kirim ulang yang gagal: yang disebut nomornya, atau semuanya."""
    from engine import webhooks

    with working() as session:
        webhooks.find(session, MACHINE, number)
        count = sum(
            webhooks.revive(session, number, clock.now(), each) for each in deliveries or (None,)
        )
    click.echo(f"{count} kiriman dicoba lagi.")
