// The sections fold on a wide screen and are a drawer on a narrow one; "/" goes to the search.
import { remember } from "./cookies.js";

const root = document.documentElement;
const wide = matchMedia("(min-width: 60.01rem)");

function showDrawer(open) {
  root.toggleAttribute("data-drawer-open", open);
  document.querySelector(".page").inert = open;
  const opener = document.querySelector(".drawer-open");
  opener?.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector(".sections a, .sections button")?.focus();
  else opener?.focus();
}

function fold(folded) {
  if (folded) root.dataset.sections = "folded";
  else delete root.dataset.sections;
  remember("sections", folded ? "folded" : "");
  document.querySelector(folded ? ".drawer-open" : "[data-fold]")?.focus();
}

document.addEventListener("click", (event) => {
  const drawer = event.target.closest("[data-drawer]");
  if (drawer && root.dataset.sections === "folded" && wide.matches) fold(false);
  else if (drawer) showDrawer(drawer.dataset.drawer === "open");
  if (event.target.closest("[data-fold]")) fold(true);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && root.hasAttribute("data-drawer-open")) showDrawer(false);
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});
