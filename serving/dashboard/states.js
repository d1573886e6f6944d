// What a view shows when it has nothing to show yet, nothing at all, or not the permission.
import { button, field, heading, make } from "./dom.js";
import { forgetKey, hasKey, keepKey } from "./service.js";

const TITLES = {
  away: "The service is away",
  not_mined: "Nothing is mined yet",
  not_found: "There is no such thing",
  unavailable: "The service cannot answer now",
  busy: "The service is busy",
  too_many_requests: "Too many requests",
};

export const loading = () => make("p", { class: "faint" }, "Loading …");
export const empty = (...words) => make("p", { class: "intro" }, ...words);

// In the place of a view; `again` does what failed once more.
export function trouble(error, again, title = heading) {
  if (error.status === 401) return [title("A key is needed"), keyForm(unknown(), again)];
  if (error.scope) return [title("This key may not do that"), keyForm(`It has not the scope “${error.scope}”.`, again)];
  if (error.code === undefined) console.error(error); // a mistake of this page
  const name = TITLES[error.code] ?? "That did not work";
  return [title(name), make("p", { class: "intro" }, error.message), make("p", {}, button("Try again", again))];
}

// Beside what was being done.
export const mishap = (error, again) => trouble(error, again, (words) => make("p", {}, make("b", {}, words)));

const unknown = () => (hasKey() ? "The key that was sent is unknown or revoked." : "This service asks for a key.");

function keyForm(reason, again) {
  const input = make("input", {
    type: "password",
    required: true,
    pattern: "\\s*[!-~]+\\s*", // what is around it came along when it was copied
    title: "A key is one word of Latin letters, digits and signs.",
    autocomplete: "off",
  });
  const submit = (event) => {
    event.preventDefault();
    keepKey(input.value.trim());
    document.dispatchEvent(new Event("key"));
    again();
  };
  const told = make("p", { class: "intro" }, reason, " A key is kept in this tab alone, until you close it.");
  return make(
    "form",
    { class: "form key-form", submit },
    told,
    field("Key", input),
    make("button", {}, "Use this key"),
  );
}
