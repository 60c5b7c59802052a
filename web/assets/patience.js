// Try again over a bad line, more and more slowly, at once when it is back. What may be tried so is
// only what the server knows when it comes twice.
const WAITS = [2, 4, 8, 15, 30]; // seconds; the last one again and again

export const isPassing = (status) => [408, 429, 502, 503, 504].includes(status);

// `rest()` waits for the next turn and says whether to go on; `now()` ends the wait, `stop()` all.
export function turns() {
  let count = 0;
  let end = () => {};
  const rest = () =>
    new Promise((resolve) => {
      const wait = setTimeout(() => end(true), WAITS[Math.min(count, WAITS.length - 1)] * 1_000);
      const online = () => end(true);
      count += 1;
      end = (goesOn) => {
        clearTimeout(wait);
        removeEventListener("online", online);
        resolve(goesOn);
      };
      addEventListener("online", online);
    });
  return { rest, now: () => end(true), stop: () => end(false) };
}
