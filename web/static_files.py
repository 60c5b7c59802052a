"""Serve the built assets so that a browser fetches each only once, in its smallest form."""

import json
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

from bpmn.errors import N_, AlurError

STATIC = Path(__file__).parent / "static"
YEAR = 365 * 24 * 60 * 60
# Best first; each is a twin that web/bundle.mjs laid beside the file.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
# Our own table: what the system's says differs from machine to machine.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


class AssetsMissing(AlurError):
    """The browser's files have not been built."""

    sentence = N_(
        "Berkas tampilan belum ada di %(folder)s: jalankan `make setup`, atau pasang dari wheel."
    )


class NoSuchAsset(AlurError):
    """A template names an asset that is not built."""

    sentence = N_("Tidak ada berkas tampilan bernama %(name)s.")


class Assets:
    """What was built: the names our templates use, and the hashed names a browser keeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = _manifest(folder)
        # Only what was built is served, so no path can lead out of the folder.
        self.served = frozenset(self.names.values())

    def url(self, name: str) -> str:
        """The address of an asset, for a page: `asset('app.css')`."""
        if name not in self.names:
            raise NoSuchAsset(name=name)
        return url_for("static", filename=self.names[name])

    def serve(self, filename: str) -> Response:
        if filename not in self.served:
            abort(404)
        encoding = self._encoding(filename)
        path = self.folder / (filename + ENCODINGS.get(encoding, ""))
        response = Response(path.read_bytes(), content_type=TYPES[Path(filename).suffix])
        # The name changes with the content, so nobody need ever ask again.
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.cache_control.max_age = YEAR
        response.vary.add("Accept-Encoding")
        if encoding:
            response.content_encoding = encoding
        response.set_etag(f"{filename}.{encoding}")
        response.make_conditional(request)
        return response

    def _encoding(self, filename: str) -> str:
        for encoding, suffix in ENCODINGS.items():
            accepted = request.accept_encodings.quality(encoding) > 0
            if accepted and (self.folder / (filename + suffix)).exists():
                return encoding
        return ""


def _manifest(folder: Path) -> dict[str, str]:
    try:
        text = (folder / "manifest.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AssetsMissing(folder=folder) from None
    names: dict[str, str] = json.loads(text)
    return names


def init_app(app: Flask, folder: Path = STATIC) -> None:
    """Add /static and the template function `asset`. The app is made with `static_folder=None`."""
    assets = Assets(folder)
    app.add_url_rule("/static/<filename>", "static", assets.serve)
    app.add_template_global(assets.url, "asset")
