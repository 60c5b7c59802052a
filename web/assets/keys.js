// Keys for those who like them, never the only way. Each page says which it knows:
//   keys({ j: ["Ke bawah", act], … })
// "?" shows them, and there they can be switched off on this device (WCAG 2.1.4).
const OFF = "alur.keys.off";
const isTyping = ({ target }) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

function make(tag, text = "", className = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  node.className = className;
  return node;
}

function help(known, words) {
  const dialog = make("dialog", "", "keys-help");
  const title = make("h2", words.title, "h3 mt-0");
  title.id = "keys-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const list = make("dl", "", "keys-list");
  for (const [key, [what]] of Object.entries(known)) {
    const name = make("dt");
    name.append(make("kbd", key));
    list.append(name, make("dd", what));
  }
  const off = make("label", "", "form-check d-block mb-3");
  const box = make("input", "", "form-check-input");
  box.type = "checkbox";
  box.checked = localStorage.getItem(OFF) === "1";
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "1" : ""));
  off.append(box, make("span", ` ${words.off}`, "form-check-label"));
  const close = make("button", words.close, "btn btn-primary");
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, off, close);
  document.body.append(dialog);
  return dialog;
}

export function keys(known) {
  const opener = document.querySelector("[data-keys]");
  if (!opener) return;
  const words = opener.dataset;
  const table = { ...known, "?": [words.help, () => dialog.showModal()] };
  const dialog = help(table, words);
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || dialog.open || isTyping(event)) return;
    const act = table[event.key]?.[1]; // some the browser does by itself; they only stand in the help
    if (!act || localStorage.getItem(OFF) === "1") return;
    event.preventDefault();
    act(event);
  });
}
