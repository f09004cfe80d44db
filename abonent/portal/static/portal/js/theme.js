import { remember } from "./cookies.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set-theme]");
  if (!button) return;
  const theme = button.dataset.setTheme;
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  remember("theme", theme);
  for (const other of document.querySelectorAll("[data-set-theme]")) {
    other.setAttribute("aria-pressed", String(other.dataset.setTheme === theme));
  }
});
