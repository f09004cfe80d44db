// Typed text is not lost: a form with data-keep outlives a session that ended, one with data-guard asks before it is left.
const SECRET = /password|code|token|csrf|otp/i;
const person = () => document.querySelector("[data-person]")?.dataset.person ?? "";
const keepKey = (form) => `kept:${person()}:${location.pathname}:${form.id}`;
const keptKeys = () => Object.keys(sessionStorage).filter((key) => key.startsWith("kept:"));

function keepable(field) {
  const secret = SECRET.test(field.name) || /one-time-code|password/.test(field.autocomplete);
  return field.name && !secret && !["password", "hidden", "file", "submit", "button"].includes(field.type);
}

function keep(form, sent) {
  const typed = [...form.elements].filter(keepable).map(({ name, value, checked }) => ({ name, value, checked }));
  sessionStorage.setItem(keepKey(form), JSON.stringify({ sent, typed }));
}

function restore(form) {
  const { typed } = JSON.parse(sessionStorage.getItem(keepKey(form)) ?? '{"typed": []}');
  for (const { name, value, checked } of typed) {
    const fields = [...form.elements].filter((field) => field.name === name && keepable(field));
    const choice = fields.find((field) => ["checkbox", "radio"].includes(field.type) && field.value === value);
    if (choice) choice.checked = checked;
    else if (fields.length === 1) fields[0].value = value;
  }
}

// What was sent and answered by a page of the inside has arrived; what met the log-in or an error has not, and waits.
function settle() {
  const outside = document.querySelector("[data-signed-out]") !== null;
  for (const key of keptKeys()) {
    const { sent, typed } = JSON.parse(sessionStorage.getItem(key));
    if (!sent) continue;
    if (outside) sessionStorage.setItem(key, JSON.stringify({ sent: false, typed }));
    else sessionStorage.removeItem(key);
  }
}

settle();
document.querySelectorAll("form[data-keep]").forEach(restore);

document.addEventListener("input", ({ target }) => {
  if (target.form?.hasAttribute("data-keep")) keep(target.form, false);
  if (target.form?.hasAttribute("data-guard")) target.form.dataset.dirty = "";
});
document.addEventListener("submit", ({ target }) => {
  delete target.dataset.dirty;
  if (target.hasAttribute("data-keep")) keep(target, true);
  if (target.hasAttribute("data-forget")) sessionStorage.clear();
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault();
});

document.querySelector("[data-focus]:not([data-still] *)")?.focus();
