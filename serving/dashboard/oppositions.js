// Where people pull in opposite directions: both sides, their people, and a voice of each beside the other.
import { bdi, heading, link, make } from "./dom.js";
import { grade, mirror, name, sideHead, voice } from "./marks.js";
import { ask } from "./service.js";
import { empty } from "./states.js";
import { count, excerpt, language, pValue, plural, verb, verdictName } from "./words.js";

export async function oppositions() {
  const { oppositions: found } = await ask(["oppositions"]);
  if (!found.length)
    return [
      heading("Oppositions"),
      empty(
        "Nowhere do enough people pull in opposite directions. Their causes are under ",
        link(["causes"], "Causes"),
        ".",
      ),
    ];
  const key = "Bars: share of the people who take a side. Whiskers: 95 % interval. Dotted: half of the people.";
  return [
    heading("Where people pull in opposite directions"),
    make("p", { class: "fine key" }, key),
    found.map((each) => opposition(each)),
  ];
}

// One of them; `quote` makes what tells an example. `title` stands for the name of its cause.
export function opposition(
  each,
  quote = (example) => voice(example),
  title = link(["causes", each.cause_id], name(each)),
) {
  const both = each.both ? ` ${count(each.both)} of them ${each.both === 1 ? "says" : "say"} both.` : "";
  return make(
    "article",
    { class: "opposition" },
    make("p", { class: "kicker" }, make("b", {}, verdictName(each)), grade(each.grade)),
    make("h2", {}, title),
    make("div", { class: "heads" }, each.sides.map(sideHead)),
    mirror(each),
    segment(each.segment),
    make(
      "div",
      { class: "sides" },
      each.sides.map((side) => voices(side, quote)),
    ),
    make(
      "p",
      { class: "fine foot" },
      `Sign test of one side against the other, by person: ${pValue(each.p_value)}.${both} · ${each.cause_id}`,
    ),
  );
}

function segment(found) {
  if (!found) return null;
  return make(
    "p",
    { class: "segment" },
    make("span", { class: "cap" }, "Told apart by "),
    make("b", {}, bdi(excerpt(found.column, 40))),
    ": people with “",
    bdi(excerpt(found.value, 40)),
    `” more often ${verb(found.towards)} `,
    make(
      "span",
      { class: "fine" },
      `Cramér’s V ${found.effect.toFixed(2)}, ${pValue(found.p_adjusted)} after adjustment`,
    ),
  );
}

function voices(side, quote) {
  const [first, ...more] = side.examples;
  const tongues = Object.entries(side.languages)
    .slice(0, 6)
    .map(([tag, people]) => `${language(tag)} ${count(people)}`);
  return make(
    "div",
    { class: `side ${side.label}` },
    first ? quote(first) : make("p", { class: "faint" }, "No example."),
    make("p", { class: "fine" }, tongues.join(" · ")),
    more.length
      ? make(
          "details",
          {},
          make("summary", {}, plural(more.length, "more voice")),
          more.map(quote),
        )
      : make("span"),
  );
}
