// What the browser's history keeps of each entry: how far it was scrolled, and how its list was filtered and sorted.
let shown = null; // the address of the view that stands there whole: of one that is loading nothing is kept

export const kept = () => history.state ?? {};
export const keep = (more) => history.replaceState({ ...history.state, ...more }, "");

export function leave() {
  shown = null;
}

// A view that is new begins at its top.
export function restore() {
  shown = location.hash;
  scrollTo(0, kept().scroll ?? 0);
}

function keepScroll() {
  if (shown === location.hash) keep({ scroll: scrollY });
}

history.scrollRestoration = "manual"; // the browser would scroll before there is anything to scroll through
for (const moment of ["scrollend", "click", "pagehide"]) addEventListener(moment, keepScroll, true);
