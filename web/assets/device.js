// What was typed and has not reached the server yet stays on this device: by person and page, for a
// week at most, and gone when it is sent, when she signs out, or when somebody else signs in here.
const PREFIX = "alur.draft.";
const KEPT_FOR = 7 * 24 * 3_600_000;

const nameOf = (place) => `${PREFIX}${document.body.dataset.person}.${place}`;

// A browser may forbid storage, or have no room left: then there is only the server.
function quietly(deed) {
  try {
    return deed();
  } catch (wrong) {
    console.info(wrong.name);
    return undefined;
  }
}

function all() {
  return quietly(() => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) ?? [];
}

function read(name) {
  return quietly(() => JSON.parse(localStorage.getItem(name)));
}

let isOver = false; // she has signed out: nothing is kept behind her back

export function keep(place, fields) {
  if (isOver) return;
  quietly(() => localStorage.setItem(nameOf(place), JSON.stringify({ at: Date.now(), fields })));
}

export function find(place) {
  return read(nameOf(place))?.fields;
}

export function forget(place) {
  quietly(() => localStorage.removeItem(nameOf(place)));
}

// The browser itself sends the form now. Only a page of ours that comes of it says it has arrived.
const SENT = "alur.sent";

export function sends(place) {
  quietly(() => sessionStorage.setItem(SENT, place));
}

function settle() {
  const place = quietly(() => sessionStorage.getItem(SENT));
  if (!place) return;
  sessionStorage.removeItem(SENT);
  if (document.referrer && new URL(document.referrer).pathname === place) forget(place);
}

export function forgetAll() {
  isOver = true;
  all().forEach((name) => localStorage.removeItem(name));
}

export function isEmpty() {
  return all().length === 0;
}

// On every page: what has arrived, is another person's or too old goes.
export function tidy() {
  settle();
  const { person } = document.body.dataset;
  for (const name of all()) {
    const isHers = !person || name.startsWith(`${PREFIX}${person}.`);
    if (!isHers || Date.now() - (read(name)?.at ?? 0) > KEPT_FOR) localStorage.removeItem(name);
  }
}
