"use strict";
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
  };
  const compare = (one, other) =>
    typeof one === "number" && typeof other === "number"
      ? one - other
      : String(one).localeCompare(String(other), "en", { numeric: true });
  // Empty cells come last whichever way the others go.
  const order = (column, way) => (a, b) => {
    const [one, other] = [value(a, column), value(b, column)];
    return one === "" || other === "" ? (one === "") - (other === "") : way * compare(one, other);
  };
  table.querySelectorAll("th").forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      // The first click shows the largest numbers, or the texts from A.
      const up = before ? before === "descending" : !head.classList.contains("n");
      for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      body.append(...rows.slice().sort(order(column, up ? 1 : -1)));
    });
  });
  const tools = table.closest(".scroll").previousElementSibling;
  const output = tools.querySelector("output");
  const said = output.textContent;
  const texts = rows.map((row) => Array.from(row.cells, (cell) => cell.textContent.toLowerCase()).join("\n"));
  tools.querySelector("input")?.addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, number) => {
      row.hidden = !words.every((word) => texts[number].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    output.textContent = words.length ? shown + " of " + said : said;
  });
}
