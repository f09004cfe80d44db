// Rows picked in <form data-selection="name" data-matching="3180"> stay picked while one turns the pages of the list.
const key = (form) => `selection:${form.dataset.selection}`;
const boxes = (form) => [...form.querySelectorAll("input[name=pick]")];
const groups = (count) => new Intl.NumberFormat(document.documentElement.lang).format(count);

function read(form) {
  const stored = JSON.parse(sessionStorage.getItem(key(form)) ?? "null");
  return { all: Boolean(stored?.all), ids: new Set(stored?.ids) };
}

function write(form, { all, ids }) {
  if (all || ids.size) sessionStorage.setItem(key(form), JSON.stringify({ all, ids: [...ids] }));
  else sessionStorage.removeItem(key(form));
  show(form);
}

function show(form) {
  const { all, ids } = read(form);
  const here = boxes(form);
  for (const box of here) box.checked = all || ids.has(box.value);
  const shown = new Set(here.map((box) => box.value));
  const whole = form.querySelector("[data-pick-page]");
  const checked = here.filter((box) => box.checked).length;
  if (whole) {
    whole.checked = checked > 0 && checked === here.length;
    whole.indeterminate = checked > 0 && checked < here.length;
  }
  const bar = form.querySelector("[data-selection-bar]");
  if (!bar) return;
  const count = all ? Number(form.dataset.matching) : ids.size;
  bar.hidden = count === 0;
  bar.querySelector("[data-selected-count]").textContent = groups(count);
  bar.querySelector("[data-all]").value = all ? "1" : "";
  bar.querySelector("[data-picked]").value = all ? "" : [...ids].filter((id) => !shown.has(id)).join(",");
  bar.querySelector("[data-select-all]").hidden = all;
}

function pick(form, chosen, on) {
  const { all, ids } = read(form);
  const kept = all ? new Set(boxes(form).map((box) => box.value)) : ids;
  for (const box of chosen) on ? kept.add(box.value) : kept.delete(box.value);
  write(form, { all: false, ids: kept });
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-selection]");
  if (!form) return;
  if (event.target.matches("[data-pick-page]")) pick(form, boxes(form), event.target.checked);
  else if (event.target.matches("input[name=pick]")) pick(form, [event.target], event.target.checked);
});

document.addEventListener("click", (event) => {
  const form = event.target.closest("form[data-selection]");
  if (!form) return;
  if (event.target.closest("[data-select-all]")) write(form, { all: true, ids: new Set() });
  if (event.target.closest("[data-select-none]")) write(form, { all: false, ids: new Set() });
});

// What was ordered is no longer picked: the next order begins with nobody.
for (const done of document.querySelectorAll("[data-forget-selection]")) {
  sessionStorage.removeItem(`selection:${done.dataset.forgetSelection}`);
}

// A list that is walked by plain forms has a box for its page too, which does nothing without scripts.
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-pick-shown]")) return;
  for (const box of boxes(target.form)) box.checked = target.checked;
});
for (const whole of document.querySelectorAll("[data-pick-shown]")) whole.hidden = false;

const showAll = () => document.querySelectorAll("form[data-selection]").forEach(show);
showAll();
document.addEventListener("htmx:afterSettle", showAll);
window.addEventListener("pageshow", showAll);
