"""Hand out a document: always as a file to be saved, never as a page of ours."""

from typing import Final

from flask import Blueprint, Response, g, jsonify, render_template, request, send_file
from flask.typing import ResponseReturnValue

from engine import numbers, vault
from engine.filetypes import TYPES
from engine.models import Document
from tasks import documents, inbox
from web import receiving
from web.guard import allow
from web.receiving import Sent, folder

blueprint = Blueprint("documents", __name__)
blueprint.before_request(receiving.let_files_in)

# Should a browser show it all the same: nothing in it may run, fetch or send.
_POLICY: Final = "sandbox; default-src 'none'"


@blueprint.app_template_filter("filesize")
def size(count: int) -> str:
    """`340 KB`, `1,2 MB`, `70,1 GB`"""
    if count < 1 << 20:
        return f"{max(1, round(count / 1024))} KB"
    if count < 1 << 30:
        return f"{numbers.write(round(count / (1 << 20), 1))} MB"
    return f"{numbers.write(round(count / (1 << 30), 1))} GB"


@blueprint.post("/tasks/<number:task_id>/documents")
@allow("task.work", data=True)
def upload(task_id: int) -> ResponseReturnValue:
    """Take in what a script sends by itself, one field at a time; the list of it comes back."""
    found = inbox.hers(g.session, g.actor, task_id)
    key, sent = request.form.get("field", ""), Sent()
    if key in receiving.file_fields(found.step.form):
        receiving.take_files(found.task, key, sent)
    if sent.refused:
        [said] = sent.refused.values()
        return jsonify(status=422, detail=said), 422
    there = documents.of_task(g.session, task_id).get(key, [])
    return render_template("forms/_files.html", files=there, draft_of=task_id)


@blueprint.get("/documents/<number:document_id>")
@allow("task.see")
def download(document_id: int) -> Response:
    document = documents.find(g.session, g.actor, document_id)
    if request.if_none_match.contains(document.sha256):
        return _kept(Response(status=304), document)
    answer = send_file(
        vault.find(folder(), document.sha256).resolve(),
        mimetype=TYPES[document.type],
        as_attachment=True,
        download_name=document.name,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = _POLICY
    return _kept(answer, document)


def _kept(answer: Response, document: Document) -> Response:
    """By her browser, but asked for each time: the right to see it may end."""
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(document.sha256)
    return answer
