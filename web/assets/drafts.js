// What is typed is kept by itself: on this device at once, on the server soon after.
import * as device from "./device.js";
import { turns } from "./patience.js";

const SOON = 300; // ms without a key before the device keeps it
const LATER = 1_500; // and before the server is told

export function typed(form) {
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  return fields;
}

// As it is compared and kept: without the secret and the names of this one page.
function plain(form) {
  const fields = Object.fromEntries(typed(form));
  delete fields.csrf_token;
  return fields;
}

export function send(url, fields) {
  return fetch(url, { method: "POST", body: fields, headers: { Accept: "application/json" } });
}

// A form that is only sent, so that the server draws the page that answers it.
export function post(url, fields) {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: url, hidden: true });
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  form.requestSubmit();
}

export function drafts(form, place, { lost, show }) {
  const state = form.querySelector("[data-draft-state]");
  const url = form.dataset.form;
  let soon;
  let later;
  let sending;
  let retry;
  let isOff = false;
  let isLeaving = false;

  function say(name) {
    state.textContent = form.dataset[name] ?? "";
  }

  function compare(detail) {
    const button = document.createElement("button");
    Object.assign(button, { textContent: form.dataset.compare, className: "btn btn-outline-primary btn-sm" });
    button.setAttribute("formaction", url);
    state.replaceChildren(`${detail} `, button);
    isOff = true;
  }

  function keepHere() {
    clearTimeout(soon);
    soon = undefined;
    device.keep(place, plain(form));
  }

  async function keep() {
    sending?.abort();
    retry?.stop();
    sending = new AbortController();
    const { signal } = sending;
    retry = turns();
    while (!signal.aborted) {
      const before = JSON.stringify(plain(form));
      try {
        const answer = await fetch(url, {
          method: "POST",
          body: typed(form),
          headers: { Accept: "application/json" },
          signal,
        });
        const said = await answer.json();
        if (answer.ok) return kept(said, before);
        return refused(answer.status, said);
      } catch (wrong) {
        if (wrong.name === "AbortError") return undefined;
        say("lost");
        if (!(await retry.rest())) return undefined;
      }
    }
    return undefined;
  }

  function kept(said, before) {
    show?.(said.capaian);
    // What was typed while it travelled is still only here; and whoever leaves may already be
    // on the way to a page drawn before it came.
    if (!isLeaving && JSON.stringify(plain(form)) === before) device.forget(place);
    say("kept");
  }

  function refused(status, { detail, lost: isLost }) {
    if (isLost) {
      device.forget(place); // the server has it now
      off();
      lost(detail);
    } else if (status === 409) compare(detail);
    else if (status === 401) say("out");
    else state.textContent = detail;
  }

  function off() {
    isOff = true;
    clearTimeout(soon);
    clearTimeout(later);
    sending?.abort();
    retry?.stop();
    say("");
  }

  form.addEventListener("input", ({ target }) => {
    if (target.type === "file" || target.name.startsWith("paste.")) return;
    isLeaving = false;
    clearTimeout(soon);
    soon = setTimeout(keepHere, SOON);
    if (isOff) return;
    say("");
    clearTimeout(later);
    later = setTimeout(keep, LATER);
  });
  addEventListener("beforeunload", () => (isLeaving = true));
  addEventListener("pagehide", () => soon && keepHere());
  // What was refused is not kept by anybody yet.
  if ("refused" in form.dataset) keep();

  return {
    off,
    goes() {
      off();
      keepHere();
      device.sends(place);
    },
    on: () => (isOff = false),
    forget() {
      clearTimeout(soon);
      soon = undefined;
      device.forget(place);
    },
  };
}

const NAMES = ["csrf_token", "once", "page", "base"]; // of one opened page; no words of hers

function words(fields) {
  const told = Object.entries(fields).filter(([name, text]) => text && !NAMES.includes(name));
  return JSON.stringify(told.sort());
}

// What an earlier visit left on this device goes to the server first, which then draws the form.
// Until it has, nobody types into what is about to be drawn anew.
export async function restore(form, place, url) {
  const fields = device.find(place);
  if (!fields) return false;
  if (form && words(fields) === words(plain(form))) {
    device.forget(place);
    return false;
  }
  if (form) form.inert = true;
  try {
    return await bring(place, url, fields);
  } finally {
    if (form) form.inert = false;
  }
}

async function bring(place, url, fields) {
  const token = document.querySelector("[name=csrf_token]").value;
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...fields, csrf_token: token })) body.append(name, value);
  const answer = await send(url, body);
  const said = await answer.json();
  if (answer.ok || said.lost) {
    device.forget(place);
    location.replace(place);
    return true;
  }
  if (answer.status !== 409) return false;
  device.forget(place); // both versions are on the page that comes now
  post(url, { ...fields, csrf_token: token });
  return true;
}
