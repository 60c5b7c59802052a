// How far something has come, while the page stays open: asked every two seconds until it is over.
const part = document.querySelector("[data-progress]");
const EVERY = 2_000; // ms

async function look() {
  const answer = await fetch(part.dataset.progress);
  if (answer.status === 401) return location.reload();
  if (!answer.ok) return setTimeout(look, 5 * EVERY);
  const html = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  const isOver = html.querySelector("[data-over]");
  part.replaceChildren(...html.childNodes);
  if (!isOver) setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
