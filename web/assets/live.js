// Figures that stay fresh while their page stands open: the table first, then its diagram.
import { keep } from "./rhythm.js";

const live = document.querySelector("[data-live]");
const diagram = document.querySelector("[data-diagram]");
let etag = "";

async function look() {
  const answer = await fetch(live.dataset.live, { headers: etag ? { "If-None-Match": etag } : {} });
  if (answer.status === 401) return location.reload();
  if (answer.status !== 200 || live.contains(document.activeElement)) return;
  etag = answer.headers.get("ETag") ?? "";
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  live.replaceChildren(...part.body.childNodes);
  diagram?.dispatchEvent(new Event("fresh"));
}

keep(look);
