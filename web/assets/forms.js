// Comforts for a step's form: capaian shows while one types, rows copied from a spreadsheet may be
// pasted straight into the table. Every page works without.
export function comforts(form) {
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

  // Where the browser cannot, a cell grows with its text.
  if (CSS.supports("field-sizing", "content")) return;
  const grow = (cell) => {
    cell.style.height = "auto";
    cell.style.height = `${cell.scrollHeight + 2}px`;
  };
  for (const cell of form.querySelectorAll("textarea.grows")) grow(cell);
  form.addEventListener("input", ({ target }) => target.matches("textarea.grows") && grow(target));
}

export function show(form, capaian = {}) {
  for (const output of form.querySelectorAll("[data-capaian]")) {
    output.textContent = capaian[output.dataset.capaian] || "–";
  }
}
