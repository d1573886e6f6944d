// The views and the way between them: the part of the address behind # names one, so that back and reload work.
import { alarms } from "./alarms.js";
import { causes } from "./causes.js";
import { button, link, make } from "./dom.js";
import { leave, restore } from "./entries.js";
import { fixes } from "./fixes.js";
import { oppositions } from "./oppositions.js";
import { recovery } from "./recovery.js";
import { ask, forgetKey, hasKey } from "./service.js";
import { loading, trouble } from "./states.js";
import { count, plural } from "./words.js";

const VIEWS = { oppositions, causes, recovery, fixes, alarms };
const [place, said, missed, mined, forget, views] = ["view", "said", "missed", "mined", "forget", "views"].map((id) =>
  document.getElementById(id),
);
let turn = 0; // an answer that comes after another view was opened is not shown

// Told to those who hear the page.
function say(words) {
  said.textContent = words;
}

// What failed after its view was left stands above whichever is there, until it is done or closed; `tell` makes it of
// what is to be tried again.
function miss(words, tell, again) {
  const why = make("div", {});
  const told = make("div", {}, make("p", {}, words), why);
  const retry = async () => {
    why.replaceChildren(loading());
    await again();
    told.remove();
  };
  why.append(...tell(retry), button("Close", () => told.remove()));
  missed.append(told);
}

function where() {
  try {
    const [name, ...parts] = location.hash.slice(2).split("/").map(decodeURIComponent);
    return Object.hasOwn(VIEWS, name) ? [name, parts.filter(Boolean)] : ["oppositions", []];
  } catch {
    return ["oppositions", []];
  }
}

async function open(moved) {
  const mine = ++turn;
  leave();
  const [name, parts] = where();
  for (const each of views.children) each.toggleAttribute("aria-current", false);
  views.children[Object.keys(VIEWS).indexOf(name)].setAttribute("aria-current", "page");
  forget.hidden = !hasKey();
  say("");
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(loading());
  let shown;
  try {
    shown = await VIEWS[name](parts, { say, miss, reopen, dateline });
  } catch (error) {
    shown = trouble(error, reopen);
  }
  if (mine !== turn) return;
  place.replaceChildren(...shown.flat(Infinity).filter(Boolean));
  place.removeAttribute("aria-busy");
  const title = place.querySelector("h1");
  document.title = `${title.textContent} · Countervoice`;
  if (moved) title.focus({ preventScroll: true });
  restore();
  dateline();
}

const reopen = () => open(true);

// To the minute, and drawn again after what is entered: a mining may have come since the view was opened.
async function dateline() {
  try {
    const { mined: last } = await ask(["info"]);
    const told = last ? `${plural(last.messages, "message")} of ${count(last.people)} people, mined on ` : "";
    mined.replaceChildren(told, make("span", { class: "nowrap" }, last ? minute(last.created_at) : ""));
  } catch {
    mined.replaceChildren(); // the view says what is wrong
  }
}

const minute = (moment) => `${new Date(moment).toISOString().slice(0, 16).replace("T", " ")} UTC`;

views.append(...Object.keys(VIEWS).map((name) => link([name], make("span", {}, name))));
forget.addEventListener("click", () => {
  forgetKey();
  reopen();
});
document.addEventListener("key", () => {
  forget.hidden = false;
});
addEventListener("hashchange", reopen);
open(false);
