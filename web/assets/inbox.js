// The list while it stays open: fresh without a reload, with keys, and with what is chosen counted.
import { keys } from "./keys.js";
import { keep } from "./rhythm.js";

const list = document.querySelector("[data-fresh]");
const bulk = document.getElementById("bulk");
let etag = "";

const rows = () => [...list.querySelectorAll("tr[data-task]")];
const chosen = () => [...list.querySelectorAll("input[name=chosen]:checked")];

// ---- fresh

function isBusy() {
  return list.contains(document.activeElement) || list.querySelector("form[data-sent], details[open]");
}

function show(html) {
  const kept = new Set(chosen().map(({ value }) => value));
  const part = new DOMParser().parseFromString(html, "text/html").querySelector("[data-counts]");
  for (const [view, count] of Object.entries(JSON.parse(part.dataset.counts))) {
    const badge = document.querySelector(`[data-count=${view}]`);
    if (badge) badge.textContent = count;
  }
  list.replaceChildren(...part.childNodes);
  for (const box of list.querySelectorAll("input[name=chosen]")) box.checked = kept.has(box.value);
  count();
}

async function look() {
  const url = new URL(list.dataset.fresh, location);
  url.searchParams.set("seen", rows().map(({ dataset }) => dataset.task).join(","));
  const answer = await fetch(url, { headers: etag ? { "If-None-Match": etag } : {} });
  if (answer.status === 401) return location.reload();
  if (answer.status !== 200 || isBusy()) return;
  etag = answer.headers.get("ETag") ?? "";
  show(await answer.text());
}

// ---- many at once

function count() {
  if (!bulk) return;
  const number = chosen().length;
  const words = bulk.querySelector("[data-chosen]");
  words.textContent = words.dataset.chosen.replace("{count}", number);
  bulk.classList.toggle("is-idle", number === 0);
}

// ---- keys

function at() {
  return document.activeElement?.closest?.("tr[data-task]");
}

function go(step) {
  const all = rows();
  const here = all.indexOf(at());
  const next = all[Math.min(all.length - 1, Math.max(0, here + step))];
  next?.querySelector("a")?.focus();
}

document.querySelector(".tab-strip .active")?.scrollIntoView({ block: "nearest", inline: "center" });
list.addEventListener("change", count);
count();
keep(look);
const words = document.querySelector("[data-keys]")?.dataset ?? {};
keys({
  j: [words.down, () => go(1)],
  k: [words.up, () => go(-1)],
  Enter: [words.open],
  c: [words.claim, () => at()?.querySelector("form[action$=\"/claim\"] button")?.click()],
  x: [words.choose, () => at()?.querySelector("input[name=chosen]")?.click()],
  "/": [words.search, () => document.getElementById("search")?.focus()],
});
