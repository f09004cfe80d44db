// <form data-naming>: a field that was changed is confirmed with ✓ (Enter) or dropped with ✕ (Esc); what is confirmed is
// kept at once on the server, so that it survives search, pages and a session that ends.
const cellOf = (part) => part.closest(".name-cell");
const field = (cell) => cell.querySelector("input[type=text]");
const tick = (cell) => cell.querySelector("input[name=ok]");
const differs = (cell) => field(cell).value.trim() !== field(cell).dataset.was;

function show(form) {
  form.dataset.live = "";
  let open = 0;
  for (const cell of form.querySelectorAll(".name-cell")) {
    const edited = differs(cell) || tick(cell).checked;
    cell.toggleAttribute("data-edited", edited);
    if (edited && !tick(cell).checked) open += 1;
  }
  const note = form.querySelector("[data-unconfirmed]");
  note.hidden = open === 0;
  note.querySelector("[data-unconfirmed-count]").textContent = open;
}

function settle(cell, confirmed) {
  const before = tick(cell).checked;
  tick(cell).checked = confirmed && differs(cell);
  show(cell.closest("form"));
  return before !== tick(cell).checked;
}

const keep = (cell) => cell.closest("form").dispatchEvent(new Event("names-settled"));

function drop(cell) {
  field(cell).value = field(cell).dataset.was;
  if (settle(cell, false)) keep(cell);
  field(cell).focus();
}

// Typing on in what was confirmed asks for a new ✓.
document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-naming] .name-cell input[type=text]")) return;
  if (settle(cellOf(target), false)) keep(cellOf(target));
});
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-naming] input[name=ok]")) return;
  settle(cellOf(target), target.checked);
  keep(cellOf(target));
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-drop-name]");
  if (button) drop(cellOf(button));
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-naming] .name-cell input")) return;
  const cell = cellOf(event.target);
  if (event.key === "Escape") drop(cell);
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (differs(cell) && settle(cell, true)) keep(cell);
});

const showAll = () => document.querySelectorAll("form[data-naming]").forEach(show);
showAll();
document.addEventListener("htmx:afterSettle", showAll);
window.addEventListener("pageshow", showAll);
