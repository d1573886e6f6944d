// A box for one message: what it says, which cause that is, and who says the opposite. Nothing of it is kept.
import { bdi, field, link, make } from "./dom.js";
import { mirror, name, sideHead } from "./marks.js";
import { ask, askOr } from "./service.js";
import { loading, mishap } from "./states.js";
import { excerpt, language, peopleOn, plural, spaced, verdictName } from "./words.js";

export function classifyBox() {
  const text = make("textarea", { rows: 3, maxlength: 20000, required: true, dir: "auto" });
  const found = make("div", { class: "found", "aria-live": "polite" });
  let turn = 0; // an answer that comes after another message was sent is not shown
  const look = async () => {
    const mine = ++turn;
    found.replaceChildren(loading());
    let shown;
    try {
      const [message] = await ask(["classify"], { sent: { texts: [text.value] } });
      shown = await read(message);
    } catch (error) {
      shown = mishap(error, look);
    }
    if (mine === turn) found.replaceChildren(...shown);
  };
  const submit = (event) => {
    event.preventDefault();
    look();
  };
  const asked = field("A message: what does it say, and who says the opposite?", text);
  return [make("form", { class: "form", submit }, asked, make("button", {}, "Read it")), found];
}

async function read(message) {
  const ids = new Set(
    message.statements.filter((each) => each.verdict && each.verdict !== "anecdote").map((each) => each.cause.id),
  );
  const opposed = new Map(
    await Promise.all(
      [...ids].map(async (id) => [
        id,
        (await askOr({ oppositions: [] }, "not_found", ["oppositions", id])).oppositions,
      ]),
    ),
  );
  const said = `${plural(message.statements.length, "statement")}, ${language(message.language)}`;
  return [make("p", { class: "fine" }, said), ...message.statements.map((each) => statement(each, opposed))];
}

function statement(each, opposed) {
  const told = [
    each.sentiment.label,
    each.degree.label === "none" ? null : spaced(each.degree.label),
    ...each.topics.map((topic) => spaced(topic.id)),
  ];
  const lines = [
    make("blockquote", { dir: "auto" }, each.text),
    make(
      "p",
      { class: "fine" },
      told.filter(Boolean).join(" · "),
      each.sentiment.abstain || each.degree.abstain ? " · the model does not stand by its call" : "",
    ),
  ];
  if (!each.cause)
    return make("article", { class: "statement" }, lines, make("p", {}, "It fits no cause of the last mining."));
  lines.push(
    make(
      "p",
      {},
      "Cause: ",
      link(["causes", each.cause.id], name(each.cause)),
      `, ${plural(each.cause.people, "person", "people")}`,
    ),
  );
  const pairs = opposed.get(each.cause.id) ?? [];
  const pair = pairs.find(({ sides }) => sides.some((side) => side.label === each.side?.label)) ?? pairs[0];
  if (each.side)
    lines.push(make("p", {}, `Its side: ${peopleOn(each.side)}`, each.verdict === "anecdote" ? " (anecdote)" : ""));
  if (pair)
    lines.push(
      make("p", {}, make("b", {}, verdictName(pair))),
      make("div", { class: "heads" }, pair.sides.map(sideHead)),
      mirror(pair),
    );
  if (each.counter)
    lines.push(
      make(
        "p",
        {},
        "Counter-voice: ",
        make("b", {}, peopleOn(each.counter)),
        each.counter.example ? [", such as “", bdi(excerpt(each.counter.example.text)), "”"] : null,
      ),
    );
  return make("article", { class: "statement" }, lines);
}
