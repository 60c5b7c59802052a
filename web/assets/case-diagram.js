// Draws every `[data-diagram]` once it comes into view; until then nothing large is fetched.
// On a wide screen `details[data-open-wide]` stands open: on a phone the list comes first.
const WIDE = window.matchMedia("(min-width: 768px)");

async function draw(element) {
  const { show } = await import("./diagram.js");
  await show(element);
}

const onSight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    onSight.unobserve(target);
    draw(target).catch((error) => {
      console.warn(error);
      target.classList.add("is-failed");
      target.textContent =
        target.dataset.labelFailed ??
        "Diagram tidak dapat ditampilkan. Tabel langkah memuat isi yang sama.";
    });
  }
});

// A page may speak of an element: `<a data-look-at="Langkah_3">` shows where it stands.
document.addEventListener("click", ({ target }) => {
  const link = target.closest("[data-look-at]");
  const diagram = document.querySelector("[data-diagram]");
  if (!link || !diagram) return;
  diagram.dataset.lookAt = link.dataset.lookAt;
  diagram.dispatchEvent(new Event("look"));
});

if (WIDE.matches) {
  document.querySelectorAll("details[data-open-wide]").forEach((details) => (details.open = true));
}
document.querySelectorAll("[data-diagram]").forEach((element) => onSight.observe(element));
