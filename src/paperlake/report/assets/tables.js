"use strict";
// Tables: a button in every heading sorts by its column, and a box above a long table filters its rows.

const LEAST_ROWS_TO_FILTER = 12;
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const valueOf = (row, at) => {
  const cell = row.cells[at];
  const told = cell.dataset.value;
  if (told === undefined) return cell.textContent.trim();
  return told === "" ? null : Number(told);
};

const compare = (one, other) => {
  if (one === null || other === null) return (one === null) - (other === null);
  return typeof one === "number" && typeof other === "number" ? one - other : collator.compare(one, other);
};

function sortBy(table, at, isDown) {
  const body = table.tBodies[0];
  const keyed = [...body.rows].map((row) => ({ row, value: valueOf(row, at) }));
  keyed.sort((one, other) => {
    if (one.value === null || other.value === null) return compare(one.value, other.value); // what is missing stays last
    return isDown ? compare(other.value, one.value) : compare(one.value, other.value);
  });
  body.append(...keyed.map((one) => one.row));
}

function makeSortable(table) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const isDown = heading.getAttribute("aria-sort") === "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
      sortBy(table, at, isDown);
    });
  });
}

function makeFilterable(table) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length < LEAST_ROWS_TO_FILTER) return;
  const tools = document.createElement("p");
  tools.className = "table-tools";
  const label = document.createElement("label");
  label.append(`Filter “${table.caption.textContent}”: `);
  const box = document.createElement("input");
  box.type = "search";
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  label.append(box);
  tools.append(label, " ", told);
  table.parentElement.before(tools);
  box.addEventListener("input", () => {
    const wanted = box.value.toLowerCase().trim();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    const n = rows.filter((row) => !row.hidden).length;
    told.textContent = wanted ? `${n} of ${rows.length} rows` : "";
  });
}

for (const table of document.querySelectorAll("table[data-sortable]")) {
  makeSortable(table);
  makeFilterable(table);
}

// On paper nothing can be opened.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    details.dataset.closed = "";
  }
});
addEventListener("afterprint", () => {
  for (const details of document.querySelectorAll("details[data-closed]")) {
    details.open = false;
    delete details.dataset.closed;
  }
});
