"""`/webhooks`: who is told outside, and what became of what was sent."""

from flask import current_app, g, url_for

from bpmn.errors import N_
from engine import offices, webhooks
from tasks import outside
from tasks import webhooks as sender
from web.api import answers
from web.api.answers import Made
from web.api.ground import delete, get, post
from web.api.refusals import BadFields
from web.api.shapes import Listed, Paged
from web.api.shapes import webhooks as shapes
from web.api.shapes.webhooks import Delivery, DeliveryQuery, NewWebhook, Revived, Webhook

RIGHT = webhooks.RIGHT


@get("/webhooks", RIGHT, N_("Webhook kantor Anda, terbaru di depan."))
def index(query: Paged) -> Listed[Webhook]:
    found = webhooks.page(g.session, g.actor, after=query.after, limit=query.limit)
    return answers.listed(found, shapes.webhook)


@post(
    "/webhooks",
    RIGHT,
    N_("Beri tahu sebuah alamat setiap ada kejadian; kunci tanda tangannya disebut sekali ini."),
    status=201,
    refuses=(404,),
)
def make(body: NewWebhook) -> Made[Webhook]:
    office = offices.find(g.session, g.actor, body.office, RIGHT) if body.office else None
    try:
        url = sender.check(body.url, current_app.config["NETWORKS"])
    except outside.OutsideError as wrong:
        raise BadFields({"url": wrong}) from wrong
    made = webhooks.make(g.session, g.actor, office, body.name, url, body.topics, g.now)
    row = webhooks.find(g.session, g.actor, made.id)
    place = url_for("api.webhooks_show", webhook_id=made.id)
    return Made(shapes.webhook(row, with_secret=True), place)


@get("/webhooks/<number:webhook_id>", RIGHT, N_("Satu webhook."))
def show(webhook_id: int) -> Webhook:
    return shapes.webhook(webhooks.find(g.session, g.actor, webhook_id))


@delete(
    "/webhooks/<number:webhook_id>",
    RIGHT,
    N_("Hapus webhook; yang masih menunggu tidak dikirim."),
    status=204,
)
def end(webhook_id: int) -> None:
    webhooks.end(g.session, g.actor, webhook_id, g.now)


@post(
    "/webhooks/<number:webhook_id>/trial",
    RIGHT,
    N_("Kirim percobaan (jenisnya ping) ke webhook ini."),
    status=202,
)
def trial(webhook_id: int) -> Delivery:
    webhooks.find(g.session, g.actor, webhook_id)
    dispatch = webhooks.try_out(g.session, webhook_id, g.now)
    return shapes.delivery(webhooks.Line(dispatch, None, ()))


@get(
    "/webhooks/<number:webhook_id>/deliveries",
    RIGHT,
    N_("Kiriman ke webhook ini, terbaru di depan, dengan setiap percobaannya."),
)
def deliveries(webhook_id: int, query: DeliveryQuery) -> Listed[Delivery]:
    webhooks.find(g.session, g.actor, webhook_id)
    found = webhooks.dispatches(
        g.session, webhook_id, state=query.state or "", after=query.after, limit=query.limit
    )
    return answers.listed(found, shapes.delivery)


@post(
    "/webhooks/<number:webhook_id>/retry",
    RIGHT,
    N_("Kirim ulang semua yang gagal untuk seterusnya."),
)
def retry_all(webhook_id: int) -> Revived:
    webhooks.find(g.session, g.actor, webhook_id)
    return Revived(count=webhooks.revive(g.session, webhook_id, g.now))


@post(
    "/webhooks/<number:webhook_id>/deliveries/<number:delivery_id>/retry",
    RIGHT,
    N_("Kirim ulang satu yang gagal untuk seterusnya."),
    refuses=(409,),
)
def retry(webhook_id: int, delivery_id: int) -> Revived:
    webhooks.find(g.session, g.actor, webhook_id)
    return Revived(count=webhooks.revive(g.session, webhook_id, g.now, delivery_id))
