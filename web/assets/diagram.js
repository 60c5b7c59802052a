// One SOP as a diagram, with the progress of one case drawn on it.
//
// The element says everything by its attributes:
//   data-diagram   where the .bpmn is
//   data-progress  where the progress is (optional), JSON:
//                  {done: [id], current: [{element, due, overdue, who}], flows: [id],
//                   times: {id: [words]}, heat: {id: 0 to 4},
//                   counts: [{element, words, late, label, url}]};
//                  words are shown as they come, so the server writes them the way officers do
//   data-label…    its name (`data-label`) and the words below, in the reader's language
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const WORDS = {
  label: "Diagram alur",
  labelZoomIn: "Perbesar",
  labelZoomOut: "Perkecil",
  labelFit: "Seluruh diagram",
  labelDone: "selesai",
  labelCurrent: "berjalan",
  labelOverdue: "terlambat",
};
const MARGIN = 16;
const WATERMARK = 48; // px at the foot that stay free, so that bpmn.io's mark covers no step
// Smaller than this, labels cannot be read. A phone rather shows a part; a wide screen the whole.
const READABLE = window.matchMedia("(min-width: 768px)").matches ? 0.4 : 0.55;
const DETAILED = 0.8; // smaller than this, badges keep only their icon and word
const STEP = 60; // px per arrow key
const WARMEST = 4;
const NOTE = { left: 40, below: 17, beyond: 24 }; // px
const LARGEST = 3;
const SMALLEST = 0.15;

const within = (least, value, most) => Math.min(most, Math.max(least, value));

function make(tag, className, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

async function answer(url, read) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response[read]();
}

// ---- what is seen

function fittingScale({ inner, outer }) {
  return Math.min(
    1,
    (outer.width - 2 * MARGIN) / inner.width,
    (outer.height - MARGIN - WATERMARK) / inner.height,
  );
}

// From the left, where the names of the lanes are.
function look(canvas, least) {
  const box = canvas.viewbox();
  const scale = Math.max(least, fittingScale(box));
  const spare = box.outer.width / scale - box.inner.width;
  canvas.viewbox({
    x: box.inner.x - Math.max(MARGIN / scale, spare / 2),
    y: box.inner.y - MARGIN / scale,
    width: box.outer.width / scale,
    height: box.outer.height / scale,
  });
}

// A long flat SOP needs no tall frame. The style sheet sets the least and the most.
function shape(frame, canvas, least) {
  const { inner, outer } = canvas.viewbox();
  const scale = within(least, (outer.width - 2 * MARGIN) / inner.width, 1);
  frame.style.height = `${Math.ceil(inner.height * scale) + MARGIN + WATERMARK}px`;
  canvas.resized();
}

function zoom(canvas, factor, point) {
  canvas.zoom(within(SMALLEST, canvas.zoom() * factor, LARGEST), point);
}

// ---- what is marked

const isStep = (shape) => /Task$|:SubProcess$|:CallActivity$/.test(shape.type);

function badge(kind, icon, word, details = []) {
  const node = make("span", `diagram-badge diagram-badge-${kind}`);
  node.append(make("span", "diagram-badge-icon", icon), make("span", "diagram-badge-word", word));
  node.firstChild.ariaHidden = "true";
  const rest = details.filter(Boolean).join(" · ");
  if (rest) node.append(make("span", "diagram-badge-detail", rest));
  return node;
}

function put(viewer, id, html, position) {
  viewer.get("overlays").add(id, "progress", { position, html, scale: { min: 1, max: 1 } });
}

function markDone(viewer, id, words) {
  const shape = viewer.get("elementRegistry").get(id);
  if (!shape) return;
  viewer.get("canvas").addMarker(id, "is-done");
  if (isStep(shape)) put(viewer, id, badge("done", "✓", words.labelDone), { top: 0, right: 0 });
}

function markCurrent(viewer, { element, due, overdue, who }, words) {
  if (!viewer.get("elementRegistry").get(element)) return;
  const [kind, icon, word] = overdue
    ? ["late", "!", words.labelOverdue]
    : ["current", "▶", words.labelCurrent];
  viewer.get("canvas").addMarker(element, `is-${kind}`);
  put(viewer, element, badge(kind, icon, word, [who, due]), { top: 0, left: 2 });
}

// Beneath the step, to the right of its timer and under that one's label: there is room.
function note(viewer, id, lines) {
  const shape = viewer.get("elementRegistry").get(id);
  if (!shape || !lines?.length) return;
  const html = make("div", "diagram-note");
  html.append(...lines.map((line) => make("div", "", line)));
  html.style.width = `${shape.width - NOTE.left + NOTE.beyond}px`;
  const position = { bottom: -NOTE.below, left: NOTE.left };
  viewer.get("overlays").add(id, "note", { position, html, scale: true });
}

// How warm each step is, as a band around it: what is written in it keeps its contrast.
function warm(viewer, id, degree) {
  if (!viewer.get("elementRegistry").get(id)) return;
  const canvas = viewer.get("canvas");
  for (let each = 0; each <= WARMEST; each += 1) canvas.removeMarker(id, `is-heat-${each}`);
  canvas.addMarker(id, `is-heat-${degree}`);
}

// How many cases stand there; pressed, it leads to them.
function counted(viewer, { element, words, late, label, url }) {
  const shape = viewer.get("elementRegistry").get(element);
  if (!shape) return;
  const node = make(url ? "a" : "span", `diagram-count ${late ? "diagram-count-late" : ""}`, words);
  if (late) node.append(make("span", "diagram-count-detail", ` · ${late}`));
  if (url) {
    node.href = url;
    node.ariaLabel = [label, late].filter(Boolean).join(", ");
  }
  put(viewer, element, node, { top: 0, left: 2 });
}

function forget(viewer) {
  for (const type of ["progress", "note"]) viewer.get("overlays").remove({ type });
}

function mark(viewer, { done = [], current = [], flows = [], times = {}, heat = {}, counts = [] }, words) {
  const busy = new Set(current.map(({ element }) => element));
  // A step that is done again after the way back is current, not done.
  done.filter((id) => !busy.has(id)).forEach((id) => markDone(viewer, id, words));
  current.forEach((step) => markCurrent(viewer, step, words));
  const known = viewer.get("elementRegistry");
  flows.filter((id) => known.get(id)).forEach((id) => viewer.get("canvas").addMarker(id, "is-passed"));
  Object.entries(times).forEach(([id, lines]) => note(viewer, id, lines));
  Object.entries(heat).forEach(([id, degree]) => warm(viewer, id, degree));
  counts.forEach((count) => counted(viewer, count));
}

// What the page says of an element, as `data-grade` on the link to it: `error` or `warning`.
function grade(viewer) {
  const known = viewer.get("elementRegistry");
  for (const { dataset } of document.querySelectorAll("[data-look-at][data-grade]")) {
    if (known.get(dataset.lookAt)) viewer.get("canvas").addMarker(dataset.lookAt, `is-${dataset.grade}`);
  }
}

// ---- what the reader does

function listenToLinks(element, viewer) {
  const canvas = viewer.get("canvas");
  let marked = null;
  const lookAt = () => {
    const shape = viewer.get("elementRegistry").get(element.dataset.lookAt);
    if (marked) canvas.removeMarker(marked, "is-looked-at");
    marked = shape;
    if (!shape) return;
    canvas.addMarker(shape, "is-looked-at");
    canvas.zoom(Math.max(canvas.zoom(), DETAILED), "auto");
    canvas.scrollToElement(shape, 80);
  };
  element.addEventListener("look", lookAt);
  if (element.dataset.lookAt) lookAt();
}

function tools(canvas, words) {
  const bar = make("div", "diagram-tools");
  const button = (word, act) => {
    const node = make("button", "btn btn-outline-secondary", word);
    node.type = "button";
    node.addEventListener("click", act);
    bar.append(node);
  };
  button(words.labelZoomIn, () => zoom(canvas, 1.25));
  button(words.labelZoomOut, () => zoom(canvas, 0.8));
  button(words.labelFit, () => look(canvas, SMALLEST));
  return bar;
}

const KEYS = {
  ArrowLeft: (canvas) => canvas.scroll({ dx: STEP, dy: 0 }),
  ArrowRight: (canvas) => canvas.scroll({ dx: -STEP, dy: 0 }),
  ArrowUp: (canvas) => canvas.scroll({ dx: 0, dy: STEP }),
  ArrowDown: (canvas) => canvas.scroll({ dx: 0, dy: -STEP }),
  "+": (canvas) => zoom(canvas, 1.25),
  "-": (canvas) => zoom(canvas, 0.8),
  0: (canvas) => look(canvas, SMALLEST),
};

function listenToKeys(svg, canvas) {
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.key in KEYS)) return;
    event.preventDefault();
    KEYS[event.key](canvas);
  });
}

// The wheel alone scrolls the page; with Ctrl, as in a map, it zooms.
function listenToWheel(frame, canvas) {
  frame.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(canvas, event.deltaY < 0 ? 1.1 : 0.9, { x: event.offsetX, y: event.offsetY });
    },
    { passive: false },
  );
}

// The library drags with a mouse only. The style sheet leaves upward strokes to the page.
function listenToFingers(frame, canvas) {
  let last = null;
  const forget = () => (last = null);
  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && event.isPrimary) last = event;
  });
  frame.addEventListener("pointermove", (event) => {
    if (last?.pointerId !== event.pointerId) return;
    canvas.scroll({ dx: event.clientX - last.clientX, dy: event.clientY - last.clientY });
    last = event;
  });
  frame.addEventListener("pointerup", forget);
  frame.addEventListener("pointercancel", forget);
}

function watchScale(frame, viewer) {
  const canvas = viewer.get("canvas");
  const follow = () => {
    const { scale, inner, outer } = canvas.viewbox();
    frame.classList.toggle("is-far", scale < DETAILED);
    // Taller than its frame: then a finger must be able to move it up and down too.
    frame.classList.toggle("is-tall", inner.height * scale > outer.height);
  };
  viewer.on("canvas.viewbox.changed", follow);
  follow();
}

// On paper there is no scrolling: the whole diagram, as wide as an upright A4 sheet allows.
function fitPaper(frame, canvas) {
  const resize = (width, least) => {
    frame.style.width = width;
    canvas.resized();
    shape(frame, canvas, least);
    look(canvas, least);
  };
  window.addEventListener("beforeprint", () => resize("180mm", SMALLEST));
  window.addEventListener("afterprint", () => resize("", READABLE));
}

// ---- all of it

export async function show(element) {
  const words = { ...WORDS, ...element.dataset };
  const { diagram, progress } = element.dataset;
  const [xml, state] = await Promise.all([
    answer(diagram, "text"),
    progress ? answer(progress, "json") : {},
  ]);

  const frame = make("div", "diagram-canvas");
  element.replaceChildren(frame);
  const viewer = new NavigatedViewer({ container: frame, zoomScroll: { enabled: false } });
  await viewer.importXML(xml);

  const canvas = viewer.get("canvas");
  const svg = frame.querySelector("svg[tabindex], .djs-container > svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", words.label);
  mark(viewer, state, words);
  grade(viewer);
  shape(frame, canvas, READABLE);
  watchScale(frame, viewer);
  look(canvas, READABLE);
  listenToKeys(svg, canvas);
  listenToWheel(frame, canvas);
  listenToFingers(frame, canvas);
  fitPaper(frame, canvas);
  listenToLinks(element, viewer);
  element.addEventListener("fresh", async () => {
    const fresh = await answer(progress, "json");
    forget(viewer);
    mark(viewer, fresh, words);
  });
  element.prepend(tools(canvas, words));
}
