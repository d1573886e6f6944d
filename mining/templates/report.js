"use strict";
// Sorting is the only thing that needs a script; without it the table stands as it was written, most people first and
// what is of no one subject last.
const table = document.getElementById("causes-table");
const NUMERIC = new Set(["people", "grade"]);

function compare(key, direction) {
  return (one, other) => {
    const [a, b] = [one.dataset[key], other.dataset[key]];
    const order = NUMERIC.has(key) ? a - b : a.localeCompare(b);
    return direction * order || other.dataset.people - one.dataset.people;
  };
}

function sortBy(head) {
  const wasDescending = head.getAttribute("aria-sort") === "descending";
  const wasAscending = head.getAttribute("aria-sort") === "ascending";
  const ascending = NUMERIC.has(head.dataset.key) ? wasDescending : !wasAscending;
  for (const each of table.querySelectorAll("thead th")) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  table.append(...[...table.tBodies].sort(compare(head.dataset.key, ascending ? 1 : -1)));
}

for (const head of table ? table.querySelectorAll("thead th") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sortBy(head));
  head.append(button);
}
