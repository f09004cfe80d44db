// The field covers its drop zone, so the browser takes the dropped file itself; here it is only shown.
function size(bytes) {
  const thousand = 1024;
  const unit = bytes < thousand * thousand ? "kilobyte" : "megabyte";
  const value = bytes / (unit === "kilobyte" ? thousand : thousand * thousand);
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}

document.addEventListener("change", (event) => {
  const zone = event.target.closest("[data-drop]");
  if (!zone) return;
  const names = [...event.target.files].map((file) => `${file.name} · ${size(file.size)}`);
  zone.querySelector("[data-file-name]").textContent = names.join(", ");
});

for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => event.target.closest?.("[data-drop]")?.toggleAttribute("data-over", over));
}
