// Files go up by themselves, one by one, chosen, dropped or photographed; over a bad line again and
// again, which the server counts once.
import { isPassing, turns } from "./patience.js";

function put(url, body, tell) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not say how far it has come
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => tell(Math.floor((100 * loaded) / total)));
    request.addEventListener("load", () => resolve(request));
    for (const kind of ["error", "timeout"]) request.addEventListener(kind, reject);
    request.send(body);
    put.abort = () => {
      request.abort();
      reject(new DOMException("", "AbortError"));
    };
  });
}

function chooser(fieldset, queue) {
  const words = fieldset.dataset;
  const state = fieldset.querySelector("[data-upload-state]");
  const files = fieldset.querySelector("[data-files]");
  const token = () => fieldset.form.querySelector("[name=csrf_token]").value;

  function line() {
    const row = document.createElement("p");
    const text = document.createElement("span");
    const bar = document.createElement("progress");
    const stop = document.createElement("button");
    Object.assign(bar, { max: 100, value: 0 });
    Object.assign(stop, { type: "button", textContent: words.stop, className: "btn btn-outline-secondary btn-sm" });
    row.append(text, bar, stop);
    state.append(row);
    return { row, text, bar, stop };
  }

  async function upload(file) {
    const { row, text, bar, stop } = line();
    const say = (name, percent = 0) =>
      (text.textContent = words[name].replace("{name}", file.name).replace("{percent}", percent));
    let stopped = false;
    const turn = turns();
    stop.addEventListener("click", () => {
      stopped = true;
      put.abort?.();
      turn.stop();
    });
    const tell = (percent) => {
      bar.value = percent;
      say("going", percent);
    };
    for (;;) {
      const body = new FormData();
      body.append("csrf_token", token());
      body.append("field", words.field);
      body.append(`f.${words.field}`, file);
      tell(0);
      const answer = await put(words.upload, body, tell).catch(() => undefined);
      if (stopped) return row.remove();
      if (answer && !isPassing(answer.status)) return done(answer, row, text, say);
      say("again");
      if (!(await turn.rest())) return row.remove();
    }
  }

  function done(answer, row, text, say) {
    row.replaceChildren(text);
    if (answer.status === 200) {
      files.innerHTML = answer.responseText;
      say("done");
      setTimeout(() => row.remove(), 8_000);
      return;
    }
    row.classList.add("text-danger-emphasis");
    say("failed");
    try {
      text.textContent = JSON.parse(answer.responseText).detail;
    } catch {
      // no sentence came: ours stands
    }
  }

  function take(list) {
    state.querySelectorAll(".text-danger-emphasis").forEach((row) => row.remove());
    for (const file of list) {
      if (file.size <= Number(words.largest)) {
        queue(() => upload(file));
        continue;
      }
      const row = document.createElement("p");
      row.className = "text-danger-emphasis";
      row.textContent = words.tooLarge.replace("{name}", file.name);
      state.append(row);
    }
  }

  fieldset.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return;
    take([...target.files]);
    target.value = "";
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    fieldset.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      fieldset.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") take([...event.dataTransfer.files]);
    });
  }
  fieldset.querySelector("[data-by-hand]").hidden = true;
  fieldset.querySelector("[data-drop-hint]").hidden = false;
}

export function uploads(form) {
  let last = Promise.resolve();
  let waiting = 0;
  const queue = (deed) => {
    waiting += 1;
    last = last.then(deed).finally(() => (waiting -= 1));
  };
  form.querySelectorAll("[data-upload]").forEach((fieldset) => chooser(fieldset, queue));
  return { isIdle: () => waiting === 0, idle: () => last };
}
