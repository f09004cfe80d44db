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
