// A completion over a bad line: sent again until the server has answered, and done once, for every
// attempt carries the same key. Whatever else the server has to say is its own page's matter.
import { typed } from "./drafts.js";
import { isPassing, turns } from "./patience.js";

const PATIENCE = 30_000; // ms; a line that hangs is a line that is cut

export function sending(form, drafts, uploads) {
  const state = document.querySelector("[data-sending-state]");
  const words = form.dataset;
  let isNative = false;

  function button(text, act) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: text, className: "btn btn-outline-primary btn-sm" });
    made.addEventListener("click", act);
    return made;
  }

  function say(text, ...buttons) {
    state.hidden = !text;
    state.replaceChildren(text, ...buttons);
  }

  function hold(isHeld) {
    form.inert = isHeld;
    form.classList.toggle("is-sending", isHeld);
  }

  // One attempt: where to go next, or nothing when the line is to blame.
  async function attempt() {
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: typed(form),
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (isPassing(answer.status)) return undefined;
      return answer.ok ? (await answer.json()).next : "";
    } catch {
      return undefined;
    }
  }

  function natively(submitter) {
    isNative = true;
    hold(false);
    form.requestSubmit(submitter);
    isNative = false;
  }

  async function send(submitter) {
    drafts.off();
    hold(true);
    if (!uploads.isIdle()) say(words.waits);
    await uploads.idle();
    say(words.sending);
    const turn = turns();
    for (;;) {
      const next = await attempt();
      if (next) {
        drafts.forget();
        location.assign(next);
        return;
      }
      if (next === "") {
        natively(submitter);
        return;
      }
      say(words.again, button(words.now, turn.now), button(words.change, turn.stop));
      if (!(await turn.rest())) break;
      say(words.sending);
    }
    say("");
    hold(false);
    drafts.on();
  }

  form.addEventListener("submit", (event) => {
    if (isNative || event.submitter?.hasAttribute("formaction")) {
      drafts.goes(); // a late one would outlive what is being sent
      return;
    }
    event.preventDefault();
    send(event.submitter);
  });
}
