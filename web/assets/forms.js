// Comforts for a step's form: what is typed is kept by itself, capaian shows while one types, rows
// copied from a spreadsheet may be pasted straight into the table. Every page works without.
const PAUSE = 1_500; // ms without a key before what was typed is kept

const form = document.querySelector("form[data-draft]");
const state = form.querySelector("[data-draft-state]");
let waiting;
let sending;

function say(name) {
  state.textContent = state.dataset[name] ?? "";
}

function typed() {
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  return fields;
}

function show(capaian) {
  for (const output of form.querySelectorAll("[data-capaian]")) {
    output.textContent = capaian[output.dataset.capaian] || "–";
  }
}

async function keep() {
  sending?.abort();
  sending = new AbortController();
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: typed(),
      headers: { Accept: "application/json" },
      signal: sending.signal,
    });
    if (!answer.ok) throw new Error(answer.status);
    show((await answer.json()).capaian);
    say("kept");
  } catch (wrong) {
    if (wrong.name !== "AbortError") say("lost");
  }
}

function keepSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(keep, PAUSE);
}

form.addEventListener("input", (event) => {
  if (event.target.type === "file" || event.target.name.startsWith("paste.")) return;
  say("");
  keepSoon();
});

// What is being sent needs no draft, and a late one would outlive it.
form.addEventListener("submit", () => {
  clearTimeout(waiting);
  sending?.abort();
});

// Cells out of a spreadsheet go where the server can sort them: one click less, the same way.
form.addEventListener("paste", (event) => {
  const table = event.target.closest("[data-fill]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!table || event.target.name.startsWith("paste.") || !text.includes("\t")) return;
  event.preventDefault();
  table.querySelector(".fill-paste").open = true;
  table.querySelector(".fill-paste textarea").value = text;
  table.querySelector("[data-paste]").click();
});

// A file that is too large is told so before it travels.
form.addEventListener("change", (event) => {
  const { files, dataset } = event.target;
  if (!files) return;
  const sizes = [...files].map((file) => file.size);
  const huge = [...files].find((file) => file.size > Number(dataset.largest));
  const together = sizes.reduce((sum, size) => sum + size, 0) > Number(dataset.together);
  event.target.setCustomValidity("");
  if (!huge && !together) return;
  const said = huge ? dataset.tooLarge.replace("{name}", huge.name) : dataset.tooMany;
  event.target.value = "";
  event.target.setCustomValidity(said);
  event.target.reportValidity();
});

// Where the browser cannot, a cell grows with its text.
if (!CSS.supports("field-sizing", "content")) {
  const grow = (cell) => {
    cell.style.height = "auto";
    cell.style.height = `${cell.scrollHeight + 2}px`;
  };
  for (const cell of form.querySelectorAll("textarea.grows")) grow(cell);
  form.addEventListener("input", ({ target }) => target.matches("textarea.grows") && grow(target));
}
