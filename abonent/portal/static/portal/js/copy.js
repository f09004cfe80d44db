const SHOWN_MS = 1500;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const word = button.querySelector(".visually-hidden");
  const before = word.textContent;
  word.setAttribute("role", "status");
  word.textContent = button.dataset.copied;
  button.classList.add("good");
  setTimeout(() => {
    word.textContent = before;
    word.removeAttribute("role");
    button.classList.remove("good");
  }, SHOWN_MS);
});
