// Corrections of one cause, for whoever may make them: its name, its cost, where it belongs, and how quotes are read.
import { asked } from "./dialog.js";
import { bdi, button, field, link, make } from "./dom.js";
import { name } from "./marks.js";
import { ask } from "./service.js";
import { loading, mishap } from "./states.js";
import { READINGS, excerpt, plural } from "./words.js";

const WHEN = {
  now: "Shows at once, and in reports from the next mining on.",
  next_mining: "Takes effect at the next mining.",
};
const UNFINISHED = ["queued", "running"];
const MANY = 1000; // as many as are answered at once

const waits = (edit) => edit.takes_effect === "next_mining";

// What stands under the quotes of the cause, and `reread`, which makes what stands under one of them.
export async function editor(cause, granularity, app) {
  const { causes } = await ask(["causes"]);
  const waiting = make("div", {}, loading());
  const [hiding, hide] = visibility();

  async function refresh() {
    try {
      const lists = [{ limit: MANY }, { cause: cause.id }].map((query) => ask(["edits"], { query }));
      const [all, own, { jobs }] = await Promise.all([...lists, ask(["jobs"])]);
      const left = all.edits.filter(waits);
      const runs = jobs.some((job) => job.kind === "mine" && UNFINISHED.includes(job.state));
      waiting.replaceChildren(...waitingEdits(left, runs, granularity));
      hide(own.edits.filter(waits));
    } catch (error) {
      waiting.replaceChildren(...mishap(error, refresh));
    }
  }

  // A form whose answer is told in it; `sure` asks before it is sent.
  function correction(inputs, press, when, wanted, sure = () => true) {
    const send = make("button", {}, press);
    const result = make("div", { role: "alert" });
    const enter = async (sent) => {
      if (send.hasAttribute("aria-disabled")) return; // pressed twice
      send.setAttribute("aria-disabled", true); // disabled it would lose the focus
      result.replaceChildren();
      try {
        const made = await ask(["edits"], { sent });
        const told = `Entered: ${made.what}. ${WHEN[made.takes_effect]}`;
        if (made.takes_effect === "now" && form.isConnected) await app.reopen();
        else await refresh();
        result.replaceChildren(make("p", {}, bdi(told)));
        app.say(told);
      } catch (error) {
        const tell = (again) => mishap(error, again);
        if (form.isConnected) result.replaceChildren(...tell(() => enter(sent)));
        else app.miss(`Not entered: ${press}, ${cause.id}.`, tell, () => enter(sent));
      } finally {
        send.removeAttribute("aria-disabled");
      }
    };
    const submit = async (event) => {
      event.preventDefault();
      const sent = wanted();
      if (await sure()) await enter(sent);
    };
    const told = make("p", { class: "fine" }, WHEN[when]);
    const form = make("form", { class: "form edit", submit }, inputs, told, send, result);
    return form;
  }

  function rename() {
    const input = make("input", { required: true, maxlength: 120, dir: "auto", value: cause.label });
    const wanted = () => ({ kind: "rename", cause: cause.id, name: input.value });
    return correction(field("Its name", input), "Rename", "now", wanted);
  }

  function cost() {
    const input = make("input", { type: "number", required: true, min: 0, step: "any" });
    const wanted = () => ({ kind: "cost", cause: cause.id, cost: Number(input.value) });
    return correction(field("What one case of it costs", input), "Set the cost", "next_mining", wanted);
  }

  function merge() {
    const others = causes.filter((each) => each.id !== cause.id);
    others.sort((one, other) => one.label.localeCompare(other.label));
    const into = choice(others.map((each) => [each.id, `${excerpt(each.label, 60)} (${each.id})`]));
    const wanted = () => ({ kind: "merge", cause: cause.id, into: into.value });
    const sure = () => {
      const chosen = others.find((each) => each.id === into.value);
      const both = [name(cause), ` (${cause.id}) becomes part of `, name(chosen), ` (${chosen.id}).`];
      return asked("Merge for good?", make("p", {}, both, " This cannot be taken back."), "Merge them");
    };
    return correction(field("Make it part of", into), "Merge", "next_mining", wanted, sure);
  }

  // A cause that is hidden stands here until the next mining leaves it out.
  function visibility() {
    let kind = "hide";
    const words = { hide: "Left out of reports and answers", unhide: "It will be left out of reports and answers" };
    const presses = { hide: "Hide it", unhide: "Show it after all" };
    const told = make("span", { class: "cap" }, words.hide);
    const form = correction(make("p", { class: "field" }, told), presses.hide, "next_mining", () => ({ kind, cause: cause.id }));
    const update = (left) => {
      const last = left.find((edit) => edit.cause === cause.id && Object.hasOwn(words, edit.kind));
      kind = last?.kind === "hide" ? "unhide" : "hide";
      told.textContent = words[kind];
      form.querySelector("button").textContent = presses[kind];
    };
    return [form, update];
  }

  function reread(example) {
    if (!example.statement) return null; // it is not known while a mining writes
    const side = choice(Object.entries(READINGS));
    const wanted = () => ({ kind: "side", statement: example.statement, side: side.value });
    return make(
      "details",
      { class: "reread" },
      make("summary", { "aria-label": `Read otherwise: ${example.statement}` }, "Read otherwise"),
      correction(field("Whoever wrote this", side), "Read it so", "next_mining", wanted),
    );
  }

  refresh();
  const forms = make("div", { class: "grid edits" }, rename(), cost(), merge(), hiding);
  return { section: make("section", { class: "register" }, make("h2", {}, "Correct it"), forms, waiting), reread };
}

function choice(entries) {
  const option = (value, words) => make("option", { value }, words);
  return make(
    "select",
    { required: true },
    option("", "choose one"),
    entries.map(([value, words]) => option(value, words)),
  );
}

function waitingEdits(left, runs, granularity) {
  if (!left.length) return [];
  const about = (edit) => (edit.cause ? [link(["causes", edit.cause], edit.cause), ": "] : null);
  const line = (edit) => make("li", {}, about(edit), bdi(excerpt(edit.what, 200)));
  return [
    make("h3", {}, `${plural(left.length, "edit waits", "edits wait")} for the next mining`),
    make("ul", {}, left.map(line)),
    runs ? make("p", {}, MINES) : mineNow(granularity),
  ];
}

const MINES = "What is kept is being mined. What comes out is served as soon as it is done; open this page again then.";

// As broad as what is served was mined, so that nothing changes but by the edits and what came in since.
function mineNow(granularity) {
  const place = make("div", { role: "alert" });
  const mine = async () => {
    place.replaceChildren(loading());
    try {
      await ask(["jobs", "mine"], { sent: { granularity } });
      place.replaceChildren(make("p", {}, MINES));
    } catch (error) {
      const ofFile = "This mining is of a file that is not kept here: it takes effect when that file is mined again.";
      place.replaceChildren(...(error.code === "conflict" ? [make("p", {}, ofFile)] : mishap(error, mine)));
    }
  };
  place.append(button("Mine what is kept", mine));
  return place;
}
