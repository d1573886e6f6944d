// What people speak of: all causes as a table, and one cause with all that is known of it.
import { bdi, button, cell, field, heading, link, make, row, table } from "./dom.js";
import { classifyBox } from "./classify.js";
import { editor } from "./edits.js";
import { keep, kept } from "./entries.js";
import { fixList } from "./fixes.js";
import { grade, labels, months, name, sideHead, split, vague, voice } from "./marks.js";
import { opposition } from "./oppositions.js";
import { ask, askOr } from "./service.js";
import { empty } from "./states.js";
import { GRADES, count, excerpt, kOfN, plural, recentWords, spaced, timingWords, trendWords } from "./words.js";

// What each column is sorted by; numbers begin with the largest.
const COLUMNS = {
  "What it is about": (cause) => cause.label,
  "People, and the sides they take": (cause) => cause.people,
  Evidence: (cause) => GRADES.indexOf(cause.grade),
  Topics: (cause) => cause.topics[0] ?? "",
  "People per month": (cause) => cause.timing.kind,
};

export async function causes([id], app) {
  if (id !== undefined) return oneCause(id, app);
  const [{ causes: found }, info] = await Promise.all([ask(["causes"]), ask(["info"])]);
  const parts = [heading("What people speak of"), ...classifyBox()];
  return [
    ...parts,
    found.length ? causeTable(found, info.mined?.people) : empty("No cause is shared by enough people."),
  ];
}

function causeTable(found, everybody) {
  const bodies = new Map(found.map((cause) => [cause, body(cause, everybody)]));
  const words = new Map(
    found.map((cause) => [
      cause,
      [
        cause.id,
        cause.label,
        ...Object.values(cause.labels),
        cause.grade,
        ...cause.topics.map(spaced),
        timingWords(cause.timing),
        recentWords(cause.timing),
        trendWords(cause.timing.trend),
      ]
        .join(" ")
        .toLowerCase(),
    ]),
  );
  // Those of no one subject stand last, as in the report.
  let order = [...found].sort((one, other) => other.names_subject - one.names_subject);
  const filter = make("input", {
    type: "search",
    value: kept().filter ?? "",
    input: () => {
      show();
      keep({ filter: filter.value });
    },
  });
  const shown = make("p", { class: "fine", role: "status" });
  const heads = new Map(
    Object.keys(COLUMNS).map((column) => [
      column,
      make(
        "th",
        { scope: "col", role: "columnheader" },
        button(column, () => turn(column)),
      ),
    ]),
  );
  const listed = table("causes", [...heads.values()], []);

  function show() {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const left = order.filter((cause) => wanted.every((word) => words.get(cause).includes(word)));
    for (const each of bodies.values()) each.remove();
    listed.append(...left.map((cause) => bodies.get(cause)));
    shown.textContent = `${kOfN(left.length, found.length)} causes`;
  }

  const numeric = (column) => typeof COLUMNS[column](found[0]) === "number";

  function turn(column) {
    const before = heads.get(column).getAttribute("aria-sort");
    const ascending = numeric(column) ? before === "descending" : before !== "ascending";
    sort(column, ascending);
    show();
    keep({ sorted: { column, ascending } });
  }

  function sort(column, ascending) {
    const key = COLUMNS[column];
    for (const each of heads.values()) each.removeAttribute("aria-sort");
    heads.get(column).setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const compare = (one, other) => (numeric(column) ? key(one) - key(other) : key(one).localeCompare(key(other)));
    order = [...found].sort((one, other) => (ascending ? 1 : -1) * compare(one, other) || other.people - one.people);
  }

  const { column, ascending } = kept().sorted ?? {};
  if (heads.has(column)) sort(column, ascending);
  show();
  return make("section", { class: "all-causes" }, field("Filter", filter), shown, listed);
}

function body(cause, everybody) {
  const people = [
    make("b", {}, count(cause.people)),
    everybody ? make("span", { class: "faint" }, ` of ${count(everybody)}`) : null,
    make("br"),
    split(cause.sides),
  ];
  const about = [link(["causes", cause.id], make("span", { class: "name" }, name(cause))), vague(cause), labels(cause)];
  return make(
    "tbody",
    { role: "rowgroup" },
    row(
      "cause",
      about,
      cell("people", people),
      cell("graded", grade(cause.grade)),
      cell(
        "topic",
        cause.topics.slice(0, 2).map(spaced).join(", "),
        cause.names_subject ? [make("br"), make("span", { class: "faint" }, `lever: ${cause.lever}`)] : null,
      ),
      cell("time", timing(cause)),
    ),
  );
}

function timing(cause) {
  const [lately, trend] = [recentWords(cause.timing), trendWords(cause.timing.trend)];
  const line = (words, kind = "") => (words ? make("span", { class: `faint ${kind}` }, words) : null);
  return [months(cause.timing), line(timingWords(cause.timing)), line(lately, "lately"), line(trend)];
}

async function oneCause(id, app) {
  const found = ["causes", "fixes"].map((kind) => askOr(null, "not_found", [kind, id]));
  const [cause, fixes, info] = await Promise.all([...found, ask(["info"])]);
  if (cause === null) return noCause(id);
  const edits = info.scopes.includes("admin") ? await editor(cause, info.mined.granularity, app) : null;
  const quote = (example) => voice(example, cause.messages, edits?.reread(example));
  const opposed = new Set(cause.oppositions.flatMap((each) => each.sides.map((side) => side.label)));
  const facts = [
    `${plural(cause.people, "person", "people")}, ${plural(cause.statements, "statement")}`,
    cause.topics.map(spaced).join(", "),
    `lever: ${cause.lever}`,
    cause.id,
  ];
  const others = cause.sides.filter((side) => !opposed.has(side.label));
  return [
    make("p", { class: "fine" }, link(["causes"], "All causes")),
    heading(name(cause, 120), vague(cause)),
    labels(cause),
    make("p", { class: "kicker" }, grade(cause.grade), facts.filter(Boolean).join(" · ")),
    make("div", { class: "time" }, timing(cause)),
    cause.oppositions.map((each) => opposition(each, quote, "Where they pull apart")),
    others.map((side) =>
      make(
        "section",
        { class: "side-of" },
        sideHead(side),
        side.examples.map(quote),
      ),
    ),
    cause.sides.length
      ? null
      : make(
          "section",
          {},
          cause.examples.map(quote),
        ),
    make(
      "section",
      {},
      make("h2", {}, "What was done about it"),
      fixes ? fixList(fixes) : empty("No fix is registered."),
      make("p", {}, link(["fixes", cause.id], "Register a fix")),
    ),
    edits?.section,
  ];
}

// A bookmark of another mining, or an address with a slip in it.
function noCause(id) {
  return [
    heading("There is no such cause"),
    empty(bdi(excerpt(id, 40)), " is not among the causes of the last mining."),
    make("p", {}, link(["causes"], "All causes")),
  ];
}
