// How often a page that stays open asks what is new: every minute, and every three seconds for a
// minute after somebody came back to it or did something. Never while nobody can see it.
const CALM = 60_000;
const LIVELY = 3_000;
const FOR = 60_000;

export function keep(look) {
  let lively = 0; // until then
  let waiting;

  const next = () => {
    clearTimeout(waiting);
    if (document.hidden) return;
    waiting = setTimeout(ask, Date.now() < lively ? LIVELY : CALM);
  };
  const ask = async () => {
    try {
      await look();
    } catch (wrong) {
      console.warn(wrong); // a cut line: the next round tries again
    }
    next();
  };
  const wake = () => {
    lively = Date.now() + FOR;
    next();
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(waiting) : wake()));
  for (const deed of ["pointerdown", "keydown"]) document.addEventListener(deed, wake, { passive: true });
  wake();
}
