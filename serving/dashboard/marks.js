// The small drawings and repeated pieces, in the classes of the report's style. Lengths are per cents of the width.
import { bdi, draw, make } from "./dom.js";
import { count, corrected, excerpt, kOfN, language, peopleOn, percent, period, verb, verdictName } from "./words.js";

export const grade = (name) => make("span", { class: `grade ${name}` }, name);
export const vague = (cause) =>
  cause.names_subject === false ? make("span", { class: "vague" }, " (no one subject)") : null;

function bar(side, direction) {
  const [end, low, high] = [side.share, ...side.interval].map((part) => 50 + direction * 50 * part);
  const line = (kind, x1, x2, y1, y2) => draw("line", { class: kind, x1: `${x1}%`, x2: `${x2}%`, y1, y2 });
  return [
    draw("rect", { class: side.label, x: `${Math.min(50, end)}%`, y: 7, width: `${Math.abs(end - 50)}%`, height: 20 }),
    line("half", 50 + direction * 25, 50 + direction * 25, 0, 34),
    line("whisker", low, high, 17, 17),
    line("whisker", low, low, 12, 22),
    line("whisker", high, high, 12, 22),
  ];
}

// Side A to the left of the middle, side B to the right, each as long as its share; whiskers are intervals.
export function mirror(opposition) {
  const [first, second] = opposition.sides;
  const told = opposition.sides.map((side) =>
    `${kOfN(side.people, side.of)} people ${verb(side.label)} ${percent(side)}`.trim(),
  );
  const name = `${excerpt(opposition.label, 80)}: ${verdictName(opposition)}. ${told.join("; ")}.`;
  return draw(
    "svg",
    { class: "mirror", width: "100%", height: 34, role: "img", "aria-label": name },
    bar(first, -1),
    bar(second, 1),
    draw("line", { class: "middle", x1: "50%", x2: "50%", y1: 0, y2: 34 }),
  );
}

export function months(timing) {
  const periods = Object.entries(timing.periods);
  if (!periods.length) return make("span", { class: "faint" }, "no dates");
  const [step, top] = [100 / periods.length, Math.max(1, ...Object.values(timing.periods))];
  const columns = periods.map(([, people], place) =>
    draw("rect", {
      x: `${(place + 0.1) * step}%`,
      y: `${100 - (100 * people) / top}%`,
      width: `${0.8 * step}%`,
      height: `${(100 * people) / top}%`,
    }),
  );
  const name = `People per month, ${period(periods[0][0])} to ${period(periods.at(-1)[0])}: ${periods.map(([, people]) => people).join(", ")}`;
  return draw(
    "svg",
    { class: "months", width: "100%", height: 30, role: "img", "aria-label": name },
    columns,
    draw("line", { x1: 0, x2: "100%", y1: 29.5, y2: 29.5 }),
  );
}

// A quote; where the whole message says more, it opens. `more` stands below.
export function voice(example, messages = {}, more = null) {
  const whole = messages[example.feedback_id];
  return make(
    "figure",
    { class: "voice" },
    make("blockquote", { lang: example.language, dir: "auto" }, excerpt(example.text)),
    make(
      "figcaption",
      {},
      `${language(example.language)} · `,
      make("span", { class: "id" }, excerpt(example.feedback_id, 40)),
    ),
    whole && whole.trim() !== example.text.trim()
      ? make("details", {}, make("summary", {}, "Whole message"), make("blockquote", { dir: "auto" }, whole))
      : null,
    more,
  );
}

export function sideHead(side) {
  const [told, mended] = [percent(side), corrected(side)];
  return make(
    "div",
    { class: `side-head ${side.label}` },
    make("p", { class: "big" }, count(side.people)),
    make(
      "p",
      { class: "says" },
      make("b", {}, verb(side.label, side.people)),
      make("br"),
      `${kOfN(side.people, side.of)} people`,
      told ? [make("span", { class: "dot" }, " · "), make("span", { class: "nowrap" }, told)] : null,
      mended ? make("span", { class: "fine line" }, `corrected for misreading ${mended}`) : null,
      side.cannot_be_told_from_zero ? make("span", { class: "fine line" }, "cannot be told from zero") : null,
    ),
  );
}

// The people on each side of a cause, in the colours of the sides.
export const split = (sides) =>
  make(
    "span",
    { class: "split" },
    sides.map((side, place) => [
      place ? " · " : null,
      make(
        "span",
        { class: side.label },
        peopleOn(side),
        side.cannot_be_told_from_zero ? ", cannot be told from zero" : "",
      ),
    ]),
  );

export const labels = ({ labels: all, label }) => {
  const others = Object.entries(all ?? {}).filter(([, word]) => word !== label);
  return others.length
    ? make(
        "span",
        { class: "labels" },
        others.map(([tag, word], place) => [place ? " · " : null, make("bdi", { lang: tag }, excerpt(word, 60))]),
      )
    : null;
};

export const name = (cause, longest = 80) => bdi(excerpt(cause.label || cause.cause_id || cause.id, longest));
