// A session that ended answers a fragment's request with a whole page: then the whole page is asked for, and shows the log-in.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  const whole = /^\s*<!doctype html/i.test(xhr.responseText);
  const wanted = event.detail.requestConfig?.elt?.closest("[hx-select]") || target === document.body;
  if (whole && !wanted) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

// The address is the state of a list. A form above it says its own fields anew; what another form put there meanwhile stays.
const PLACES = ["page", "after", "before"];

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const form = detail.elt.closest(".list-tools form");
  if (!form) return;
  const fields = [...form.elements].filter(({ name }) => name);
  const own = new Set(fields.filter(({ type }) => type !== "hidden").map(({ name }) => name));
  for (const { name } of fields) if (!own.has(name)) detail.formData.delete(name);
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (!own.has(name) && !PLACES.includes(name)) detail.formData.append(name, value);
  }
});

// Links and forms that lead to the same rows, such as the export, follow.
document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const form of document.querySelectorAll("form[data-same-rows]")) {
    form.setAttribute("action", form.getAttribute("action").split("?")[0] + location.search);
  }
  for (const link of document.querySelectorAll("a[data-same-rows]")) {
    const format = new URLSearchParams(link.search).get("format");
    const wanted = new URLSearchParams(location.search);
    if (format) wanted.set("format", format);
    link.search = wanted;
  }
});
