// The screen on the wall: one panel after the other, and fresh every half minute while it hangs.
const EVERY = 30_000; // ms
const EACH = 12_000;
const wall = document.querySelector("[data-wall]");
const turn = document.querySelector("[data-turn]");
let at = 0;
let etag = "";
let turning = true;

function show() {
  const panels = [...wall.querySelectorAll(".wall-panel")];
  at = panels.length ? at % panels.length : 0;
  panels.forEach((panel, number) => (panel.hidden = turning && number !== at));
}

async function look() {
  const answer = await fetch(location, { headers: etag ? { "If-None-Match": etag } : {} });
  if (answer.redirected) return location.reload(); // the session is over
  if (answer.status !== 200) return;
  etag = answer.headers.get("ETag") ?? "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  wall.replaceChildren(...fresh.querySelector("[data-wall]").childNodes);
  show();
}

// Whoever reads slowly stops it (WCAG 2.2.2).
function say() {
  turn.textContent = turning ? turn.dataset.stop : turn.dataset.go;
}

turn.hidden = false;
turn.addEventListener("click", () => {
  turning = !turning;
  say();
  show();
});
say();
show();
setInterval(() => {
  at += 1;
  show();
}, EACH);
setInterval(() => look().catch(console.warn), EVERY);
