// The views and the way between them: the part of the address behind # names one, so that back and reload work.
import { alarms } from "./alarms.js";
import { causes } from "./causes.js";
import { link, make } from "./dom.js";
import { fixes } from "./fixes.js";
import { oppositions } from "./oppositions.js";
import { recovery } from "./recovery.js";
import { ask, forgetKey, hasKey } from "./service.js";
import { loading, trouble } from "./states.js";
import { count, plural } from "./words.js";

const VIEWS = { oppositions, causes, recovery, fixes, alarms };
const [place, said, mined, forget, views] = ["view", "said", "mined", "forget", "views"].map((id) =>
  document.getElementById(id),
);
let turn = 0; // an answer that comes after another view was opened is not shown

// Told to those who hear the page.
function say(words) {
  said.textContent = words;
}

function where() {
  try {
    const [name, ...parts] = location.hash.slice(2).split("/").map(decodeURIComponent);
    return name in VIEWS ? [name, parts.filter(Boolean)] : ["oppositions", []];
  } catch {
    return ["oppositions", []];
  }
}

async function open(moved) {
  const mine = ++turn;
  const [name, parts] = where();
  for (const each of views.children) each.toggleAttribute("aria-current", false);
  views.children[Object.keys(VIEWS).indexOf(name)].setAttribute("aria-current", "page");
  forget.hidden = !hasKey();
  say("");
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(loading());
  let shown;
  try {
    shown = await VIEWS[name](parts, { say });
  } catch (error) {
    shown = trouble(error, () => open(true));
  }
  if (mine !== turn) return;
  place.replaceChildren(...shown.flat(Infinity).filter(Boolean));
  place.removeAttribute("aria-busy");
  const title = place.querySelector("h1");
  document.title = `${title.textContent} · Countervoice`;
  if (moved) title.focus();
  dateline();
}

async function dateline() {
  try {
    const { mined: last } = await ask(["info"]);
    const told = last ? `${plural(last.messages, "message")} of ${count(last.people)} people, mined on ` : "";
    mined.replaceChildren(told, make("span", { class: "nowrap" }, last ? last.created_at.slice(0, 10) : ""));
  } catch {
    mined.replaceChildren(); // the view says what is wrong
  }
}

views.append(...Object.keys(VIEWS).map((name) => link([name], make("span", {}, name))));
forget.addEventListener("click", () => {
  forgetKey();
  open(true);
});
document.addEventListener("key", () => {
  forget.hidden = false;
});
addEventListener("hashchange", () => open(true));
open(false);
