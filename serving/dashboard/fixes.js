// What was done about causes, and whether it helped; a new fix is registered before anybody looks.
import { bdi, field, heading, link, make, row, scroll, table } from "./dom.js";
import { name } from "./marks.js";
import { ask, askOr } from "./service.js";
import { empty, mishap } from "./states.js";
import { FIX_VERDICTS, SIDE_VERBS, excerpt, fixWords, ratioWords } from "./words.js";

let draft = { values: {} }; // what was typed and is not registered yet outlives a visit to another view

export async function fixes([chosen], app) {
  const [found, mined] = await Promise.all([ask(["fixes"]), askOr(null, "not_mined", ["causes"])]);
  const listed = make("div", {}, fixList(found));
  const refresh = async () => {
    try {
      listed.replaceChildren(fixList(await ask(["fixes"])));
    } catch (error) {
      listed.replaceChildren(...mishap(error, refresh));
    }
  };
  const form =
    mined === null
      ? empty("Nothing is mined yet: a fix is of a cause, so mine first.")
      : fixForm(mined.causes, chosen, refresh, app);
  return [
    heading("What was done, and did it help?"),
    listed,
    make("section", { class: "register" }, make("h2", {}, "Register a fix"), ...[form].flat()),
  ];
}

export function fixList({ fixes: standing, withdrawn }) {
  if (!standing.length && !withdrawn.length) return empty("No fix is registered.");
  const line = (fix, ratio, verdict, state) =>
    row(
      "",
      [
        link(["causes", fix.cause_id], name(fix, 60)),
        " ",
        make("span", { class: "faint" }, `fix ${fix.number}, ${fix.cause_id}`),
      ],
      [bdi(excerpt(fix.action, 120)), make("br"), make("span", { class: "faint" }, bdi(excerpt(fix.owner, 60)))],
      fix.date,
      ratio,
      verdict,
      state,
    );
  const rows = [
    ...standing.map((fix) => line(fix, ratioWords(fix.ratio), fixWords(fix), fix.standing)),
    ...withdrawn.map((fix) => line(fix, "–", withdrawnWords(fix), "–")),
  ];
  return scroll(
    "Fixes",
    table(
      "drivers loop",
      ["Cause", "Action and owner", "Since", "Rate after / before", "Verdict", "Cause is"],
      make("tbody", { role: "rowgroup" }, rows),
    ),
  );
}

function withdrawnWords(fix) {
  const seen =
    fix.seen_verdict === null ? "before looking" : `after looking (verdict: ${FIX_VERDICTS[fix.seen_verdict]})`;
  return [
    `withdrawn on ${fix.withdrawn_at.slice(0, 10)} by `,
    bdi(excerpt(fix.withdrawn_by, 60)),
    `, ${seen}: `,
    bdi(excerpt(fix.withdrawn_reason, 200)),
  ];
}

function fixForm(causes, chosen, refresh, { say, miss, reopen, dateline }) {
  const option = (value, words) => make("option", { value }, words);
  const cause = make(
    "select",
    { required: true },
    option("", "choose one"),
    causes.map((each) => option(each.id, `${excerpt(each.label, 60)} (${each.id})`)),
  );
  const line = () => make("input", { required: true, maxlength: 500, dir: "auto" });
  const [action, owner, date] = [
    line(),
    line(),
    make("input", { type: "date", required: true, min: "1900-01-01", max: "2199-12-31" }),
  ];
  const side = make(
    "select",
    {},
    option("", "all but praise"),
    Object.entries(SIDE_VERBS).map(([label, words]) => option(label, words)),
  );
  const fields = { cause_id: cause, action, owner, date, side };
  const values = () => Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, each.value]));
  let typed = null;
  const note = () => (draft = typed = { chosen, values: values() });
  const result = make("div", { role: "alert" });
  const press = make("button", {}, "Register");
  const register = async () => {
    if (press.hasAttribute("aria-disabled")) return; // pressed twice
    press.setAttribute("aria-disabled", true); // disabled it would lose the focus
    result.replaceChildren();
    const sent = typed;
    try {
      const fix = await ask(["fixes"], { sent: { ...sent.values, side: sent.values.side || null } });
      if (draft === sent) {
        draft = { values: {} };
        form.reset();
      }
      const told = `Registered: fix ${fix.number} of ${fix.cause_id}${fix.registered_after_looking ? ", after looking" : ""}.`;
      result.replaceChildren(told);
      const drawn = drawAgain();
      say(told);
      await drawn;
    } catch (error) {
      const tell = (again) => mishap(error, again);
      if (form.isConnected) result.replaceChildren(...tell(register));
      else miss("The fix was not registered.", tell, register);
    } finally {
      press.removeAttribute("aria-disabled");
      dateline();
    }
  };
  // The view may have been left meanwhile, and opened again.
  const drawAgain = () => {
    if (form.isConnected) return refresh();
    return location.hash.startsWith("#/fixes") ? reopen() : null;
  };
  const submit = (event) => {
    event.preventDefault();
    note();
    register();
  };
  const form = make(
    "form",
    { class: "form grid", submit, input: note },
    field("Cause", cause),
    field("What is done", action),
    field("Who answers for it", owner),
    field("First day in force (UTC)", date),
    field("People whom it answers", side),
    make(
      "p",
      { class: "fine" },
      "Register before you look: a registration cannot be changed, only withdrawn, and one of a day that was mined already proves less.",
    ),
    press,
  );
  for (const [name, value] of Object.entries(draft.values)) fields[name].value = value;
  if (chosen !== undefined && chosen !== draft.chosen) cause.value = chosen;
  if (cause.selectedIndex < 0) cause.selectedIndex = 0; // the last mining lacks it
  return [form, result];
}
