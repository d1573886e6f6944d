// What `countervoice watch` told, newest first.
import { heading, link, make, row, scroll, table } from "./dom.js";
import { name } from "./marks.js";
import { ask } from "./service.js";
import { empty } from "./states.js";
import { fixed, kOfN, percent, rarity } from "./words.js";

export async function alarms() {
  const { alarms: found } = await ask(["alarms"]);
  if (!found.length)
    return [
      heading("Alarms"),
      empty(
        "No alarm was told. ",
        make("code", {}, "countervoice watch"),
        " looks for causes of which more people complain than chance explains.",
      ),
    ];
  const rows = found.map((alarm) =>
    row(
      "",
      [link(["causes", alarm.cause_id], name(alarm, 60)), " ", make("span", { class: "faint" }, alarm.cause_id)],
      alarm.day,
      alarm.since,
      alarm.until ?? "lasts",
      [kOfN(alarm.people, alarm.of), make("br"), make("span", { class: "faint" }, percent(alarm))],
      fixed(alarm.expected, 1),
      rarity(alarm.by_chance_every_years),
    ),
  );
  return [
    heading("More complain than chance explains"),
    scroll(
      "Alarms",
      table(
        "drivers loop",
        ["Cause", "Told", "Since", "Until", "People", "Expected", "By chance"],
        make("tbody", { role: "rowgroup" }, rows),
      ),
    ),
  ];
}
