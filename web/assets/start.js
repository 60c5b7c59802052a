// A new case's form while it stays open: what is typed is kept, here and on the server.
import { drafts, restore } from "./drafts.js";
import { comforts, show } from "./forms.js";

const form = document.getElementById("formulir");
const { place, form: url } = form.dataset;

async function begin() {
  const went = await restore(form, place, url).catch(() => false); // the line is cut: it stays here
  if (went) return;
  comforts(form);
  const kept = drafts(form, place, { show: (capaian) => show(form, capaian) });
  form.addEventListener("submit", () => kept.forget());
}

begin();
