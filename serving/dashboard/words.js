// The printed words of the report. Tables stand as JSON: a test holds them against the tables in mining/ and serving/.
export const SHARE_GATE = 30;
export const SIDE_VERBS = {
  too_little: "ask for more",
  too_much: "ask for less",
  complaint: "complain",
  praise: "praise",
};
export const GRADES = ["anecdote", "emerging", "established"];
export const FIX_VERDICTS = {
  fixed: "fixed",
  not_yet: "not yet",
  too_early: "too early",
  came_back: "came back",
  anecdote: "anecdote",
};
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NAMES = new Intl.DisplayNames(["en"], { type: "language" });

export const count = (number) => number.toLocaleString("en-US");
export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;
export const spaced = (word) => word.replaceAll("_", " ");
export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

// As Python rounds, so that no figure differs from the report by one.
export function fixed(number, digits) {
  if (number === null) return "∞";
  const style = {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    roundingMode: "halfEven",
    useGrouping: false,
  };
  return new Intl.NumberFormat("en-US", style).format(number);
}

export function language(tag) {
  if (tag === "und") return "no language told";
  try {
    return NAMES.of(tag);
  } catch {
    return tag;
  }
}

export function excerpt(text, longest = 420) {
  const flat = [...text.replace(/\s+/g, " ").trim()];
  return flat.length <= longest
    ? flat.join("")
    : `${flat
        .slice(0, longest - 4)
        .join("")
        .trimEnd()} […]`;
}

export function verb(label, people = 2) {
  const [first, ...rest] = SIDE_VERBS[label].split(" ");
  return people === 1 ? [`${first}s`, ...rest].join(" ") : SIDE_VERBS[label];
}
// What people may say of whoever wrote a statement that the model misread.
export const READINGS = {
  ...Object.fromEntries(Object.keys(SIDE_VERBS).map((label) => [label, verb(label, 1)])),
  neither: "takes no side",
  as_read: "is read by the model again",
};
export const peopleOn = (side) => `${count(side.people)} ${verb(side.label, side.people)}`;

export function verdictName({ verdict, kind, sides, segment }) {
  const lead = { leans_A: 0, leans_B: 1 }[verdict];
  if (lead !== undefined) return `Most ${SIDE_VERBS[sides[lead].label]}`;
  if (verdict === "split") return kind === "degree" ? "Two camps" : "Divided";
  if (verdict === "split_by_segment")
    return `Two camps, told apart by ${segment ? `“${excerpt(segment.column, 40)}”` : "a segment"}`;
  return verdict === "inconclusive" ? "Undecided" : "Anecdote";
}

export const kOfN = (people, of) => `${count(people)} of ${count(of)}`;

// Nothing below the gate, where k of n stands alone.
export function percent({ of, share, interval }) {
  if (of < SHARE_GATE || share === null || interval === null) return "";
  const digits = interval[1] < 0.1 ? 1 : 0;
  const [value, low, high] = [share, ...interval].map((part) => fixed(100 * part, digits));
  return `${value}\u202f% (${low}–${high}\u202f%)`;
}

export function corrected({ of, corrected_share: share, corrected_interval: interval }) {
  if (share === null || of < SHARE_GATE) return "";
  if (interval[1] - interval[0] > 0.9) return "not known";
  const [value, low, high] = [share, ...interval].map((part) => fixed(100 * part, 0));
  return `${value}\u202f% (${low}–${high}\u202f%)`;
}

// p < 0.001 and so on, with two digits that count.
export function pValue(p) {
  if (p < 0.001) return "p < 0.001";
  return `p = ${p < 0.1 ? Number(p.toPrecision(2)) : fixed(p, 2)}`;
}

// A month, a day, or two of them with a stroke between, as people write them.
export function period(text) {
  if (!/^\d{4}-\d\d(-\d\d)?(\/\d{4}-\d\d(-\d\d)?)?$/.test(text)) return text;
  const parts = (day) => [
    day.length > 7 ? String(Number(day.slice(8))) : "",
    MONTHS[Number(day.slice(5, 7)) - 1],
    day.slice(0, 4),
  ];
  const [first, last] = [...text.split("/"), text].map(parts);
  if (!text.includes("/")) return first.filter(Boolean).join(" ");
  const shared = [0, 1, 2].find((place) => first.slice(place).join() === last.slice(place).join()) ?? 3;
  const written = [first.slice(0, shared), last].map((each) => each.filter(Boolean).join(" "));
  return written.filter(Boolean).join(shared === 1 ? "–" : " – ");
}

export const timingWords = (timing) =>
  [timing.kind, timing.bursts.map(period).join(" and ")].filter(Boolean).join(", ");

export function trendWords(trend) {
  if (trend === null || trend.label === "anecdote") return "";
  if (trend.change === null) return `trend ${trend.label}`;
  const [change, low, high] = [trend.change, ...trend.interval].map((part) => fixed(part, 2));
  const label = trend.label === "unclear" ? "trend unclear" : trend.label;
  return `${label}, x${change} [${low}, ${high}] a month`;
}

export function recentWords({ recent }) {
  if (recent === null || !recent.emerging) return "";
  const [now, before] = [kOfN(recent.people, recent.of), kOfN(recent.past_people, recent.past_of)];
  return `more lately: ${now} since ${period(recent.first.split("/")[0])}, before ${before}${times(recent)}`;
}

// How people are counted in the ratio is told where it is not what the people shown amount to.
function times(recent) {
  if (recent.ratio === null) return "";
  const rate = fixed(recent.ratio, 1);
  const shown = fixed(recent.people / recent.of / (recent.past_people / recent.past_of), 1);
  if (rate === shown) return `; ${rate} times the rate`;
  return `; ${rate} times the rate, each counted once a ${recent.first.includes("/") ? "week" : "month"}`;
}

export const ratioWords = (ratio) =>
  ratio === null ? "–" : `${fixed(ratio.value, 2)} (${fixed(ratio.low, 2)}–${fixed(ratio.high, 2)})`;

// The verdict on a fix with its grade, whether it was registered after looking, and the reason.
export function fixWords({ verdict, grade, reason, registered_after_looking: late }) {
  const marks = [...(grade === verdict ? [] : [grade]), ...(late ? ["registered after looking"] : [])];
  return `${FIX_VERDICTS[verdict]}${marks.length ? ` (${marks.join("; ")})` : ""}: ${reason}`;
}

// How often chance alone takes a cause so far.
export function rarity(years) {
  if (years >= 100) return "rarer than once in 100 years";
  if (years >= 2) return `once in ${fixed(years, 0)} years`;
  if (12 * years >= 2) return `once in ${fixed(12 * years, 0)} months`;
  return `once in ${plural(Math.max(1, Number(fixed(365.25 * years, 0))), "day")}`;
}
