// Whom to contact, the most urgent first; what was done is entered here, after it was read once more.
import { asked } from "./dialog.js";
import { bdi, button, field, heading, link, make } from "./dom.js";
import { name, voice } from "./marks.js";
import { ask } from "./service.js";
import { empty, loading, mishap } from "./states.js";
import { count, excerpt, fixed, plural, spaced } from "./words.js";

const STATES = ["open", "contacted", "recovered", "lost", "all"];
const PAGE = 25;

export async function recovery([state = "open"], app) {
  const [queue, mined] = await Promise.all([ask(["recovery"], { query: { state, limit: PAGE } }), ask(["causes"])]);
  const named = new Map(mined.causes.map((cause) => [cause.id, cause]));
  const people = make("div", { class: "people" });
  const more = make("p", { class: "more-people" });
  const standing = make("div", {}, stand(queue, state));

  function add(page) {
    people.append(...page.map((person) => card(person, { ...app, named, entered })));
    more.replaceChildren(page.length === PAGE ? button("More people", () => next(page.at(-1).id)) : "");
  }

  async function next(after) {
    more.replaceChildren(loading());
    try {
      const page = await ask(["recovery"], { query: { state, limit: PAGE, after } });
      const place = people.children.length;
      add(page.people);
      people.children[place]?.focus();
    } catch (error) {
      const isRenewed = error.status === 422; // the last one shown is not in the queue
      more.replaceChildren(
        ...(isRenewed ? renewed("The queue is that of a new mining.", app.reopen) : mishap(error, () => next(after))),
      );
    }
  }

  async function entered() {
    try {
      standing.replaceChildren(...stand(await ask(["recovery"], { query: { state: "all", limit: 1 } }), state));
    } catch (error) {
      standing.replaceChildren(...mishap(error, entered));
    }
  }

  add(queue.people);
  return [
    heading("Whom to contact"),
    standing,
    queue.people.length ? people : empty(nobody(state)),
    more,
  ];
}

function nobody(state) {
  if (state === "all") return "Nobody is in the queue.";
  return state === "open" ? "Nobody waits to be contacted." : `Nobody is ${state}.`;
}

// Of what the last mining lacks: to try it again would not help.
const renewed = (words, reopen) => [
  make("p", {}, make("b", {}, words)),
  reopen ? make("p", {}, button("Open the queue again", reopen)) : "",
];

function stand(queue, state) {
  const asides = [
    queue.overdue ? `${count(queue.overdue)} overdue` : "",
    queue.held_out ? `${count(queue.held_out)} held out` : "",
    queue.copied ? `${plural(queue.copied, "copied message")} left out` : "",
  ];
  const views = STATES.map((each) => {
    const to = link(["recovery", each], each, each === "all" ? "" : ` ${count(queue.states[each] ?? 0)}`);
    if (each === state) to.setAttribute("aria-current", "page");
    return to;
  });
  return [
    make("nav", { class: "states", "aria-label": "States" }, views),
    make("p", { class: "fine" }, asides.filter(Boolean).join(" · ")),
  ];
}

function card(person, { named, say, miss, reopen, dateline, entered }) {
  const place = make("article", { class: "person", tabindex: -1 });

  async function enter(state) {
    const sent = await confirmed(person, state);
    if (sent === null) return;
    const send = async () => {
      try {
        Object.assign(person, await ask(["recovery", person.id], { sent }));
      } catch (error) {
        refused(error, state, send);
        return;
      } finally {
        dateline();
      }
      show();
      place.focus();
      say(`Entered: ${person.id} is ${person.state}.`);
      await entered();
    };
    await send();
  }

  function refused(error, state, send) {
    const isHere = place.isConnected;
    const tell = (again) =>
      error.code === "not_found"
        ? renewed(`${person.id} is not in the queue of the last mining.`, isHere ? reopen : null)
        : mishap(error, again);
    if (isHere) result.replaceChildren(...tell(send));
    else miss(`Not entered: ${person.id}, ${state}.`, tell, send);
  }

  const result = make("div", { role: "alert" });
  function show() {
    const done = [
      person.contacted.length ? `contacted ${plural(person.contacted.length, "time")}` : "",
      person.gestures.map(spaced).join(", "),
      person.spent ? `spent ${count(person.spent)}` : "",
    ];
    const doing = {
      contacted: person.state === "contacted" ? "Contacted again" : "Contacted",
      recovered: "Recovered",
      lost: "Lost",
    };
    const actions = Object.entries(doing).filter(([state]) => state === "contacted" || state !== person.state);
    result.replaceChildren();
    place.replaceChildren(
      make(
        "p",
        { class: "kicker" },
        make("b", {}, bdi(excerpt(person.author ?? "no name", 60))),
        make("span", { class: "id" }, person.id),
        make("span", { class: "state" }, person.state),
      ),
      make(
        "p",
        { class: "fine" },
        `Urgency ${fixed(person.urgency, 0)} of 100 · due ${person.due}`,
        person.overdue ? make("b", {}, " overdue") : null,
        person.causes.map((id) => [" · ", link(["causes", id], name(named.get(id) ?? { id }, 40))]),
      ),
      voice({ text: person.quote, language: person.language, feedback_id: person.quoted }),
      make("p", {}, "Begin with: ", gesture(person), ` (${count(person.gesture.cost)})`),
      done.some(Boolean) ? make("p", { class: "fine" }, `So far: ${done.filter(Boolean).join(" · ")}`) : "",
      make(
        "p",
        { class: "actions" },
        actions.map(([state, words]) => button(words, () => enter(state), { "aria-label": `${words}: ${person.id}` })),
      ),
      result,
    );
  }
  show();
  return place;
}

const gesture = (person) => person.gesture.names.en ?? spaced(person.gesture.id);

// What will be sent, after it was confirmed; null where it was not, or the view was left.
async function confirmed(person, state) {
  const cost = make("input", { type: "number", min: 0, step: "any", required: true, value: person.gesture.cost });
  const contact =
    state === "contacted" ? [make("p", {}, "Gesture: ", gesture(person)), field("What it cost", cost)] : null;
  const who = make("p", {}, bdi(excerpt(person.author ?? "no name", 60)), ` (${person.id}): `, make("b", {}, state));
  if (!(await asked("Enter this?", [who, contact], "Enter it"))) return null;
  return contact
    ? { state, gesture: person.gesture.id, cost: Number(cost.value), again: person.state === "contacted" }
    : { state };
}
