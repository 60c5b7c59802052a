"""Hand out a document: always as a file to be saved, never as a page of ours."""

from typing import Final

from flask import Blueprint, Response, g, request, send_file

from engine import numbers, vault
from engine.filetypes import TYPES
from engine.models import Document
from tasks import documents
from web.filling import folder
from web.guard import allow

blueprint = Blueprint("documents", __name__)

# Should a browser show it all the same: nothing in it may run, fetch or send.
_POLICY: Final = "sandbox; default-src 'none'"


@blueprint.app_template_filter("filesize")
def size(count: int) -> str:
    """`340 KB`, `1,2 MB`"""
    if count < 1 << 20:
        return f"{max(1, round(count / 1024))} KB"
    return f"{numbers.write(round(count / (1 << 20), 1))} MB"


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
