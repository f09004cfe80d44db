/* Trees that are read a level at a time, and what is moved out of them.

   <ul role="tree" data-tree data-gives="tree"> holds <li role="treeitem" data-node="account:12">; what opens has data-level-url, a page
   of what follows has data-more-url. What is marked goes, by drag or by a button, into the field `nodes` of a form:
   - <form data-marked-of="id of the tree" data-nothing="what is said when nothing is marked"> takes it when it is submitted;
   - <section data-takes="tree" data-form="id of the form"> takes what is dropped that came from data-gives="tree";
   - with data-onto="folder client" it is dropped on a node of these kinds, which goes into the form's field `onto`.
   Rows of a table are dragged too: <tr data-node draggable="true"> inside data-gives; ticked ones go together. */

const items = (root) => [...root.querySelectorAll("[role=treeitem]")];
const closed = (item) => item.parentElement.closest('[role=treeitem][aria-expanded="false"]');
const visible = (tree) => items(tree).filter((item) => !closed(item));
const marked = (tree) => items(tree).filter((item) => item.getAttribute("aria-selected") === "true");
const kind = (item) => item.dataset.node?.split(":")[0];
const announce = (text) => document.querySelectorAll("[data-news]").forEach((line) => { line.textContent = text; });

let anchor = null;
let carried = null;

function rove(tree, item, { focus = true } = {}) {
  for (const other of items(tree)) other.tabIndex = other === item ? 0 : -1;
  if (focus) item.focus({ preventScroll: false });
}

function mark(chosen, on) {
  for (const item of chosen) if (item.dataset.node) item.setAttribute("aria-selected", String(on));
}

function markOnly(tree, chosen) {
  mark(items(tree), false);
  mark(chosen, true);
}

function range(tree, from, to) {
  const all = visible(tree);
  const [start, end] = [all.indexOf(from), all.indexOf(to)].sort((one, other) => one - other);
  return start < 0 ? [to] : all.slice(start, end + 1);
}

async function open(item) {
  const group = item.querySelector(":scope > [role=group]");
  item.setAttribute("aria-expanded", "true");
  if (group.children.length) return;
  item.setAttribute("aria-busy", "true");
  await window.htmx.ajax("GET", item.dataset.levelUrl, { source: item, target: group });
  item.removeAttribute("aria-busy");
  if (!group.children.length) item.setAttribute("aria-expanded", "false");
}

const close = (item) => item.setAttribute("aria-expanded", "false");
const toggle = (item) => (item.getAttribute("aria-expanded") === "false" ? open(item) : close(item));

async function more(tree, item) {
  const level = item.parentElement;
  const place = [...level.children].indexOf(item);
  const held = item.contains(document.activeElement);
  await window.htmx.ajax("GET", item.dataset.moreUrl, { source: tree, target: item, swap: "outerHTML" });
  const first = level.children[place];
  if (first) rove(tree, first, { focus: held });
}

function step(tree, item, by, extend) {
  const all = visible(tree);
  const next = all[all.indexOf(item) + by];
  if (!next) return;
  if (extend) mark([item, next], true);
  rove(tree, next);
}

const keys = {
  ArrowDown: (tree, item, event) => step(tree, item, 1, event.shiftKey),
  ArrowUp: (tree, item, event) => step(tree, item, -1, event.shiftKey),
  ArrowRight(tree, item) {
    if (item.getAttribute("aria-expanded") === "false") open(item);
    else if (item.hasAttribute("aria-expanded")) step(tree, item, 1, false);
  },
  ArrowLeft(tree, item) {
    const above = item.parentElement.closest("[role=treeitem]");
    if (item.getAttribute("aria-expanded") === "true") close(item);
    else if (above) rove(tree, above);
  },
  Home: (tree) => rove(tree, visible(tree)[0]),
  End: (tree) => rove(tree, visible(tree).at(-1)),
  Enter(tree, item) {
    if (item.dataset.moreUrl) more(tree, item);
    else if (item.hasAttribute("aria-expanded")) toggle(item);
  },
  " "(tree, item) {
    if (item.dataset.moreUrl) more(tree, item);
    else mark([item], item.getAttribute("aria-selected") !== "true");
    anchor = item;
  },
  Escape: (tree) => mark(items(tree), false),
};

document.addEventListener("keydown", (event) => {
  const tree = event.target.closest?.("[data-tree]");
  const item = event.target.closest?.("[role=treeitem]");
  if (!tree || !item || event.altKey) return;
  if (event.key === "a" && (event.ctrlKey || event.metaKey)) mark([...item.parentElement.children], true);
  else if (keys[event.key]) keys[event.key](tree, item, event);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-tree] [role=treeitem]");
  if (!item || !event.target.closest(".node")) return;
  const tree = item.closest("[data-tree]");
  rove(tree, item);
  if (item.dataset.moreUrl) more(tree, item);
  else if (event.target.closest("[data-twist]")) toggle(item);
  else if (event.shiftKey) markOnly(tree, range(tree, anchor, item));
  else if (event.ctrlKey || event.metaKey || event.target.closest("[data-mark]")) mark([item], item.getAttribute("aria-selected") !== "true");
  else markOnly(tree, [item]);
  if (!event.shiftKey) anchor = item;
});

document.addEventListener("dblclick", (event) => {
  const item = event.target.closest("[data-tree] [role=treeitem]");
  if (item?.hasAttribute("aria-expanded") && !event.target.closest("[data-twist], [data-mark]")) toggle(item);
});

// What is dragged: everything marked, or ticked, if the thing taken hold of is; else it alone.
function taken(holder, thing) {
  if (holder.matches("[data-tree]")) {
    if (thing.getAttribute("aria-selected") !== "true") markOnly(holder, [thing]);
    return marked(holder);
  }
  const ticked = [...holder.querySelectorAll("[data-node]:has(input[name=pick]:checked)")];
  return ticked.includes(thing) ? ticked : [thing];
}

// Of a marked folder and something inside it, the folder says it all.
const outermost = (chosen) => chosen.filter((item) => !chosen.some((other) => other !== item && other.contains(item)));
const named = (chosen) => outermost(chosen).map((item) => item.dataset.node).join(",");

document.addEventListener("dragstart", (event) => {
  const thing = event.target.closest?.("[data-node][draggable]");
  const holder = thing?.closest("[data-gives]");
  if (!holder) return;
  carried = { from: holder.dataset.gives, nodes: named(taken(holder, thing)) };
  event.dataTransfer.effectAllowed = "copyMove";
  event.dataTransfer.setData("text/plain", carried.nodes);
  document.documentElement.dataset.carries = carried.from;
});

function zoneOf(event) {
  const zone = carried && event.target.closest?.("[data-takes]");
  if (!zone || !zone.dataset.takes.split(" ").includes(carried.from)) return null;
  if (!zone.dataset.onto) return { zone, spot: zone };
  const spot = event.target.closest("[role=treeitem]");
  return spot && zone.dataset.onto.split(" ").includes(kind(spot)) ? { zone, spot } : null;
}

const unmarkSpots = () => document.querySelectorAll("[data-spot]").forEach((spot) => spot.removeAttribute("data-spot"));

document.addEventListener("dragover", (event) => {
  const found = zoneOf(event);
  if (!found?.spot.hasAttribute("data-spot")) unmarkSpots();
  if (!found) return;
  event.preventDefault();
  found.spot.setAttribute("data-spot", "");
});

document.addEventListener("drop", (event) => {
  const found = zoneOf(event);
  if (!found) return;
  event.preventDefault();
  const form = document.getElementById(found.zone.dataset.form);
  form.elements.nodes.value = carried.nodes;
  if (form.elements.onto) form.elements.onto.value = found.spot.dataset.node;
  form.requestSubmit();
});

document.addEventListener("dragend", () => {
  carried = null;
  unmarkSpots();
  delete document.documentElement.dataset.carries;
});

// Before htmx, or the browser, reads the form.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-marked-of]");
  if (!form || event.submitter?.name === "all") return;
  const nodes = form.elements.nodes;
  nodes.value ||= named(marked(document.getElementById(form.dataset.markedOf)));
  if (nodes.value) return;
  event.preventDefault();
  event.stopPropagation();
  announce(form.dataset.nothing);
}, true);

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  // The form that asked: the answer may have replaced it, and then the event is its parent's.
  const form = detail.requestConfig.elt.closest("form");
  if (form?.elements.nodes) form.elements.nodes.value = "";
  if (form?.dataset.selection && form.hasAttribute("data-spends")) sessionStorage.removeItem(`selection:${form.dataset.selection}`);
});

function begin() {
  for (const tree of document.querySelectorAll("[data-tree]")) {
    const all = visible(tree);
    if (all.length && !all.some((item) => item.tabIndex === 0)) all[0].tabIndex = 0;
  }
}

begin();
document.addEventListener("htmx:afterSettle", begin);
// What the page was opened for stands marked; it may be far down.
document.querySelector('[data-tree] [aria-selected="true"] > .node')?.scrollIntoView({ block: "center" });
document.querySelectorAll("dialog[data-opened]").forEach((dialog) => dialog.showModal());
