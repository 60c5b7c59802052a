"""Twin of web/static_files.py. (Compiling assets is tools/assets.py's work; see test_wheel.py.)"""

import gzip
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web import static_files

STYLE = b"body{color:navy}"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    manifest = {"app.css": "app-HASH.css", "app.js": "app-HASH.js"}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "app-HASH.css").write_bytes(STYLE)
    (tmp_path / "app-HASH.css.gz").write_bytes(gzip.compress(STYLE))
    (tmp_path / "app-HASH.css.br").write_bytes(b"brotli twin")
    (tmp_path / "app-HASH.js").write_bytes(b"true")
    return tmp_path


@pytest.fixture
def app(built: Path) -> Flask:
    app = Flask(__name__, static_folder=None)
    static_files.init_app(app, built)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_template_names_an_asset_and_gets_its_hashed_address(app: Flask) -> None:
    with app.test_request_context():
        template = app.jinja_env.from_string("{{ asset('app.css') }}")
        assert template.render() == "/static/app-HASH.css"


def test_a_template_that_misspells_an_asset_is_told(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(static_files.NoSuchAsset, match=r"ap\.css"):
        app.jinja_env.from_string("{{ asset('ap.css') }}").render()


def test_a_browser_may_keep_an_asset_for_a_year_without_asking(client: FlaskClient) -> None:
    response = client.get("/static/app-HASH.css")
    assert response.data == STYLE
    assert response.content_type == "text/css; charset=utf-8"
    assert response.cache_control.immutable
    assert response.cache_control.public
    assert response.cache_control.max_age == static_files.YEAR


@pytest.mark.parametrize(
    ("accepts", "gets"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("zstd", None),
    ],
)
def test_the_smallest_form_the_browser_reads_is_sent(
    client: FlaskClient, accepts: str, gets: str | None
) -> None:
    response = client.get("/static/app-HASH.css", headers={"Accept-Encoding": accepts})
    assert response.content_encoding == gets
    assert "Accept-Encoding" in response.vary
    assert response.content_type == "text/css; charset=utf-8"


def test_a_file_without_a_compressed_twin_is_sent_as_it_is(client: FlaskClient) -> None:
    response = client.get("/static/app-HASH.js", headers={"Accept-Encoding": "br, gzip"})
    assert response.content_encoding is None
    assert response.data == b"true"


def test_a_browser_that_asks_again_is_told_nothing_has_changed(client: FlaskClient) -> None:
    etag = client.get("/static/app-HASH.css").headers["ETag"]
    again = client.get("/static/app-HASH.css", headers={"If-None-Match": etag})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["manifest.json", "app.css", "..%2f..%2fsetup.cfg", "lain.css"])
def test_only_what_was_built_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_an_application_without_built_assets_says_how_to_build_them(tmp_path: Path) -> None:
    with pytest.raises(static_files.AssetsMissing, match="make setup"):
        static_files.init_app(Flask(__name__, static_folder=None), tmp_path)
