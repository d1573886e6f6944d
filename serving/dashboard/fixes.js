// What was done about causes, and whether it helped; a new fix is registered before anybody looks.
import { bdi, field, heading, link, make, row, scroll, table } from "./dom.js";
import { name } from "./marks.js";
import { ask, askOr } from "./service.js";
import { empty, mishap } from "./states.js";
import { FIX_VERDICTS, SIDE_VERBS, excerpt, fixWords, ratioWords } from "./words.js";

export async function fixes([chosen], { say }) {
  const [found, mined] = await Promise.all([ask(["fixes"]), askOr(null, "not_mined", ["causes"])]);
  const listed = make("div", {}, fixList(found));
  const refresh = async () => listed.replaceChildren(fixList(await ask(["fixes"])));
  const form =
    mined === null
      ? empty("Nothing is mined yet: a fix is of a cause, so mine first.")
      : fixForm(mined.causes, chosen, refresh, say);
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

function fixForm(causes, chosen, refresh, say) {
  const option = (value, words) => make("option", { value, selected: value === chosen }, words);
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
  const result = make("div", { role: "alert" });
  const register = async () => {
    result.replaceChildren();
    try {
      const sent = {
        cause_id: cause.value,
        action: action.value,
        owner: owner.value,
        date: date.value,
        side: side.value || null,
      };
      const fix = await ask(["fixes"], { sent });
      form.reset();
      const told = `Registered: fix ${fix.number} of ${fix.cause_id}${fix.registered_after_looking ? ", after looking" : ""}.`;
      result.replaceChildren(told);
      say(told);
      await refresh();
    } catch (error) {
      result.replaceChildren(...mishap(error, register));
    }
  };
  const submit = (event) => {
    event.preventDefault();
    register();
  };
  const form = make(
    "form",
    { class: "form grid", submit },
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
    make("button", {}, "Register"),
  );
  return [form, result];
}
