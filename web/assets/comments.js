// Behind an @ the names of those who may read along are offered. Whoever types them all the same,
// or has no script, is understood as well.
const MOST = 8;
const CALL = /(?:^|[^\w.])@([^@\n]{0,40})$/u;

function helped(area) {
  const words = area.dataset;
  const list = document.createElement("ul");
  const told = document.createElement("div");
  let known;
  let found = [];
  let at = 0;

  Object.assign(list, { id: `${area.id}-people`, className: "mention-list", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.list);
  Object.assign(told, { className: "visually-hidden" });
  told.setAttribute("role", "status");
  area.after(list, told);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);

  function close() {
    list.hidden = true;
    found = [];
    area.removeAttribute("aria-activedescendant");
  }

  function point(to) {
    at = (to + found.length) % found.length;
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", index === at));
    area.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function row({ name, posts }, index) {
    const made = document.createElement("li");
    made.id = `${list.id}-${index}`;
    made.setAttribute("role", "option");
    const small = document.createElement("span");
    Object.assign(small, { textContent: posts, className: "text-body-secondary small" });
    made.append(name, " ", small);
    // Before the field loses the focus.
    made.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(index);
    });
    return made;
  }

  function choose(index) {
    const call = CALL.exec(area.value.slice(0, area.selectionStart));
    const start = area.selectionStart - call[1].length;
    area.setRangeText(`${found[index].written} `, start, area.selectionStart, "end");
    close();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function look() {
    const call = CALL.exec(area.value.slice(0, area.selectionStart));
    if (!call) return close();
    known ??= fetch(words.people).then((answer) => (answer.ok ? answer.json() : []), () => []);
    const wanted = call[1].toLocaleLowerCase();
    const fits = ({ name, written, posts }) =>
      [name, written, posts].some((text) => text.toLocaleLowerCase().includes(wanted)) && written.toLocaleLowerCase() !== wanted.trim();
    found = (await known).filter(fits).slice(0, MOST);
    if (!found.length) return close();
    list.replaceChildren(...found.map(row));
    list.hidden = false;
    told.textContent = words.found.replace("{count}", found.length);
    point(0);
  }

  area.addEventListener("input", look);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const deeds = {
      ArrowDown: () => point(at + 1),
      ArrowUp: () => point(at - 1),
      Enter: () => choose(at),
      Tab: () => choose(at),
      Escape: close,
    };
    if (!deeds[event.key]) return;
    event.preventDefault();
    deeds[event.key]();
  });
}

document.querySelectorAll("textarea[data-people]").forEach(helped);
