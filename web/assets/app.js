// Small comforts. Every page works without them.
import * as device from "./device.js";

const PATIENCE = 15_000; // ms; a line that hangs must not lock the officer out of his own form

function asks(form, button) {
  return button?.dataset.confirm ?? form.dataset.confirm;
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[data-held]")) {
    button.disabled = false;
    delete button.dataset.held;
  }
}

function hold(form) {
  for (const button of form.querySelectorAll("button:not([type=button]):enabled")) {
    button.disabled = true;
    button.dataset.held = "";
  }
}

// Ask before what cannot be undone: `data-confirm` on the form or on one of its buttons.
document.addEventListener("submit", (event) => {
  const question = asks(event.target, event.submitter);
  if (question && !window.confirm(question)) event.preventDefault();
});

// What another person typed at this desk is not for whoever sits here now.
device.tidy();
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.leaves;
  if (event.defaultPrevented || question === undefined) return;
  if (!device.isEmpty() && !window.confirm(question)) event.preventDefault();
  else device.forgetAll();
});

// Send a form once, however often it is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  // Later, because a disabled button would not send its own value.
  setTimeout(() => hold(form));
  setTimeout(() => release(form), PATIENCE);
});

// Back in the history: the browser shows the page as it was left.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach(release);
});
