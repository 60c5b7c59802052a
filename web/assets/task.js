// A task's page while it stays open: nothing typed is lost, and whatever becomes of the task
// meanwhile is said in place.
import "./comments.js";
import { drafts as draftsOf, restore } from "./drafts.js";
import { comforts, show } from "./forms.js";
import { keys } from "./keys.js";
import { keep } from "./rhythm.js";
import { sending } from "./sending.js";
import { uploads } from "./uploads.js";

const page = document.querySelector("[data-task]");
const { task: place, draft: url, state } = page.dataset;
const form = document.getElementById("formulir");
const news = document.querySelector("[data-news]");
let etag = `W/"${page.dataset.seal}"`;
let drafts;

// ---- what is said in place

function tell(...parts) {
  const reload = document.createElement("a");
  Object.assign(reload, { href: place, textContent: news.dataset.reload, className: "alert-link" });
  news.replaceChildren(parts.filter(Boolean).join(" "), " ", reload);
  news.hidden = false;
}

// It is hers no more: what she typed stays to be read and copied, and nothing is sent.
function lose(said) {
  tell(said, form && news.dataset.kept);
  if (!form) return;
  drafts?.off();
  form.classList.add("is-lost");
  for (const button of form.querySelectorAll("button")) button.disabled = true;
}

async function look() {
  const answer = await fetch(state, { headers: { "If-None-Match": etag } });
  if (answer.status === 401) return tell(form?.dataset.out);
  if (answer.status !== 200) return undefined;
  etag = answer.headers.get("ETag") ?? "";
  const { said, mine, comments } = await answer.json();
  const wasMine = "mine" in page.dataset;
  const hasMore = comments > Number(page.dataset.comments) && news.dataset.more;
  if (wasMine && !mine) return lose(said);
  return tell(hasMore ? hasMore : said);
}

// ---- the form

async function begin() {
  const went = await restore(form, place, url).catch(() => false); // the line is cut: it stays here
  if (went || !form) return;
  const files = uploads(form);
  comforts(form);
  drafts = draftsOf(form, place, { lost: lose, show: (capaian) => show(form, capaian) });
  sending(form, drafts, files);
}

// ---- the diagram, when it is asked for

const later = document.querySelector("details[data-diagram-later]");
later.addEventListener(
  "toggle",
  () => {
    const style = document.createElement("link");
    Object.assign(style, { rel: "stylesheet", href: later.dataset.diagramLater });
    document.head.append(style);
    const diagram = later.querySelector("[data-diagram-of]");
    diagram.dataset.diagram = diagram.dataset.diagramOf;
    import("./case-diagram.js");
  },
  { once: true },
);

// ---- keys

const words = document.querySelector("[data-keys]")?.dataset ?? {};
const text = (selector) => document.querySelector(selector)?.textContent.trim().replace(/\s+/g, " ");
const known = {};
if (document.querySelector("[data-claim]")) {
  known.c = [words.claim, () => document.querySelector("[data-claim]").click()];
}
if (form) {
  const first = () => form.querySelector("input:not([type=hidden]), select, textarea");
  known.f = [text("#selesaikan"), () => first()?.focus()];
}
if (document.getElementById("comment")) {
  known.m = [text("[for=comment]"), () => document.getElementById("comment").focus()];
}
known.d = [
  text("[data-diagram-later] summary"),
  () => {
    later.open = true;
    later.scrollIntoView();
  },
];

begin().then(() => keep(look));
keys(known);
