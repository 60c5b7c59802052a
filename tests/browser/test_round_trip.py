"""A designer opens an SOP in a modeller and saves it: nothing that makes it an SOP is lost."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page, Route

import bpmn
from bpmn import library, lint, reader
from bpmn.xml import BPMN, BPMNDI, DI, SOP, tag
from tests.engine.runs import Run

SOPS: Final = [f"{office}/{sop}" for office in library.offices() for sop in library.sops(office)]
SITE: Final = "http://modeller.test"
MODULES: Final = Path(__file__).parents[2] / "web" / "node_modules"
VOCABULARY: Final = json.loads((Path(bpmn.__file__).parent / "vocabulary.json").read_text("utf-8"))

HTML: Final = """<!doctype html>
<link rel="stylesheet" href="/bpmn-js/dist/assets/diagram-js.css">
<link rel="stylesheet" href="/bpmn-js/dist/assets/bpmn-js.css">
<link rel="stylesheet" href="/bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css">
<div id="canvas" style="height: 900px"></div>
<script type="importmap">{"imports": {
  "bpmn-moddle": "/bpmn-moddle/dist/index.js", "moddle": "/moddle/dist/index.js",
  "moddle-xml": "/moddle-xml/dist/index.js", "min-dash": "/min-dash/dist/index.js",
  "saxen": "/saxen/dist/index.js"
}}</script>
<script src="/bpmn-js/dist/bpmn-modeler.development.js"></script>
"""

# What the designer uses, and what Camunda Modeler and its like are built on; each as it knows our
# vocabulary, and as a modeller that never heard of it.
WAYS: Final = {
    "bpmn-js": """async ([xml, extensions, name]) => {
        const modeler = new BpmnJS({ container: "#canvas", moddleExtensions: extensions });
        const { warnings } = await modeler.importXML(xml);
        if (name) {
            const step = modeler.get("elementRegistry").get("Langkah_2");
            modeler.get("modeling").updateLabel(step, name);
        }
        const { xml: saved } = await modeler.saveXML({ format: true });
        modeler.destroy();
        return { saved, warnings: warnings.map(String) };
    }""",
    "bpmn-moddle": """async ([xml, extensions]) => {
        const { BpmnModdle } = await import("bpmn-moddle");
        const moddle = new BpmnModdle(extensions);
        const { rootElement, warnings } = await moddle.fromXML(xml);
        const { xml: saved } = await moddle.toXML(rootElement, { format: true });
        return { saved, warnings: warnings.map(String) };
    }""",
}

# Every line that the modeller makes of every name it draws, by the id of what carries the name.
LINES: Final = """async ([xml]) => {
    const viewer = new BpmnJS({ container: "#canvas" });
    await viewer.importXML(xml);
    const drawn = [...document.querySelectorAll("[data-element-id]")];
    const lines = drawn.map((element) => [
        element.dataset.elementId.replace(/_label$/, ""),
        [...element.querySelectorAll(":scope > .djs-visual tspan")].map((line) => line.textContent),
    ]);
    viewer.destroy();
    return lines;
}"""

Save = Callable[..., bytes]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that finds the modeller on this disk, and nothing anywhere else."""
    with browser.new_context(viewport={"width": 1600, "height": 1000}) as context:
        page = context.new_page()
        page.route("**/*", _answer)
        page.goto(f"{SITE}/")
        yield page


def _answer(route: Route) -> None:
    path = route.request.url.removeprefix(SITE)
    if path == "/":
        return route.fulfill(content_type="text/html", body=HTML)
    file = MODULES / path.removeprefix("/")
    if not route.request.url.startswith(SITE) or not file.is_file():
        return route.abort()
    return route.fulfill(path=file)


@pytest.fixture(params=[True, False], ids=["with our vocabulary", "without it"])
def extensions(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {"sop": VOCABULARY} if request.param else {}


@pytest.fixture(params=WAYS)
def save(request: pytest.FixtureRequest, page: Page, extensions: dict[str, Any]) -> Save:
    """Open a diagram and save it; a modeller that warns has lost something."""
    return lambda xml, *edits: _saved(page, WAYS[request.param], xml, extensions, *edits)


def _saved(page: Page, way: str, xml: bytes, *arguments: Any) -> bytes:
    told = page.evaluate(way, [xml.decode(), *arguments])
    assert told["warnings"] == []
    saved: str = told["saved"]
    return saved.encode()


@pytest.mark.parametrize("name", SOPS)
def test_an_sop_that_was_opened_and_saved_is_the_same_sop(save: Save, name: str) -> None:
    xml = library.load(name)
    saved = save(xml)
    assert saved != xml
    assert reader.read(saved) == reader.read(xml)
    assert _ours(saved) == _ours(xml)
    assert _drawing(saved) == _drawing(xml)
    assert lint.lint(saved) == lint.lint(xml)
    assert _walk(saved) == _walk(xml)


@pytest.mark.parametrize("name", SOPS)
def test_a_step_that_was_renamed_is_all_that_changed(
    page: Page, extensions: dict[str, Any], name: str
) -> None:
    xml = library.load(name)
    saved = _saved(page, WAYS["bpmn-js"], xml, extensions, "Menyusun nama baru")
    before, after = reader.read(xml), reader.read(saved)
    assert after.step("Langkah_2").name == "Menyusun nama baru"
    old = before.step("Langkah_2").name
    assert repr(after).replace("Menyusun nama baru", old) == repr(before)
    assert _ours(saved) == _ours(xml)


@pytest.mark.parametrize("name", SOPS)
def test_no_word_is_cut_in_two_whatever_font_the_machine_has(page: Page, name: str) -> None:
    xml = library.load(name)
    names = {e.get("id"): e.get("name", "").split() for e in etree.fromstring(xml).iter()}
    lines = [(id_, lines) for id_, lines in page.evaluate(LINES, [xml.decode()]) if lines]
    assert len(lines) > 2 * len(reader.read(xml).steps)
    assert [id_ for id_, lines in lines if " ".join(lines).split() != names[id_]] == []


def _ours(xml: bytes) -> dict[str, tuple[dict[str, str], list[str]]]:
    """All that we add to BPMN, by the id of the element it stands on: attributes and elements."""
    drawn = [element for element in etree.fromstring(xml).iter(f"{{{BPMN}}}*") if element.get("id")]
    return {element.get("id", ""): (_attributes(element), _elements(element)) for element in drawn}


def _attributes(element: etree._Element) -> dict[str, str]:
    return {
        str(name): str(value)
        for name, value in element.attrib.items()
        if etree.QName(str(name)).namespace == SOP
    }


def _elements(element: etree._Element) -> list[str]:
    extension = element.find(tag(BPMN, "extensionElements"))
    return [] if extension is None else [_plain(child) for child in extension]


def _plain(element: etree._Element) -> str:
    """Name, attributes, text and children, whatever the prefix and the white space between."""
    facts = sorted((str(name), str(value)) for name, value in element.attrib.items())
    text = (element.text or "").strip()
    return f"{element.tag!s}{facts}{text}{[_plain(child) for child in element]}"


def _drawing(xml: bytes) -> dict[str, list[dict[str, float]]]:
    """Where every shape and arrow lies."""
    return {
        drawn.get("bpmnElement", "") + kind: [
            {str(name): float(value) for name, value in part.attrib.items()}
            for part in drawn.iter("{*}Bounds", tag(DI, "waypoint"))
        ]
        for kind in ("BPMNShape", "BPMNEdge")
        for drawn in etree.fromstring(xml).iter(tag(BPMNDI, kind))
    }


def _walk(xml: bytes) -> list[str]:
    """The steps it takes to its end when everything is approved."""
    run, walked = Run(xml), list[str]()
    while not run.is_done:
        walked.append(run.open[0])
        run.do(run.open[0], outcome="setuju")
    return walked
