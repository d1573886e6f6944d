// Elements are made one by one: no text ever becomes markup, and every link leads to a view of this page.
const SVG = "http://www.w3.org/2000/svg";

function filled(element, given, children) {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== ""));
  return element;
}

export const make = (tag, given = {}, ...children) => filled(document.createElement(tag), given, children);
export const draw = (tag, given = {}, ...children) => filled(document.createElementNS(SVG, tag), given, children);

// A stranger's word: a right-to-left one turns itself around, not its neighbours.
export const bdi = (text) => make("bdi", {}, text);

export const hash = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;
export const link = (parts, ...children) => make("a", { href: hash(...parts) }, ...children);
export const button = (name, onclick, given = {}) => make("button", { type: "button", click: onclick, ...given }, name);

export const field = (name, input) => make("label", { class: "field" }, make("span", { class: "cap" }, name), input);

export const heading = (...children) => make("h1", { tabindex: -1 }, ...children);

// Roles stand on it in so many words, as what a phone shows as blocks is no table to a screen reader otherwise.
export function table(kind, columns, bodies) {
  const head = columns.map((column) =>
    column instanceof Node ? column : make("th", { scope: "col", role: "columnheader" }, column),
  );
  const rows = make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, head));
  return make("table", { class: kind, role: "table" }, rows, bodies);
}

export const cell = (kind, ...inside) => make("td", { role: "cell", class: kind }, ...inside);

// Cells are texts, of which short ones stay on one line, or lists of pieces, or cells as `cell` makes them.
export function row(kind, first, ...cells) {
  const made = cells.map((each) => {
    if (each instanceof Element) return each;
    return cell(typeof each === "string" && each.length <= 24 ? "whole" : null, each);
  });
  return make("tr", { role: "row", class: kind }, make("th", { scope: "row", role: "rowheader" }, first), made);
}

// Wide tables scroll in themselves, by keys as well.
export const scroll = (name, inside) =>
  make("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": name }, inside);
