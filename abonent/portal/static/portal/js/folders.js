/* What is done to folders keeps the tree open: each form sends the nodes that stand open in its field `open`.
   <form data-marks="id of the tree"> takes along what is marked there, and goes without it too. */

const opened = () => [...document.querySelectorAll('#folders [aria-expanded="true"]')].map((item) => item.dataset.node).slice(0, 20).join(",");

// Before tree.js, which submits a form by itself after a drop: whichever comes first, the field is filled.
document.addEventListener("submit", ({ target }) => {
  if (target.elements.open) target.elements.open.value = opened();
  const tree = document.getElementById(target.dataset.marks ?? "");
  if (tree) target.elements.nodes.value = [...tree.querySelectorAll('[aria-selected="true"]')].map((item) => item.dataset.node).slice(0, 1).join(",");
}, true);
