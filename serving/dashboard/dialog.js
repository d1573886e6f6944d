// A question before the page: whether it was confirmed. Where the view is left meanwhile, it was not.
import { button, make } from "./dom.js";

export function asked(title, lines, press) {
  return new Promise((resolve) => {
    const left = () => close(false);
    const close = (confirmed) => {
      removeEventListener("hashchange", left);
      dialog.close();
      dialog.remove();
      resolve(confirmed);
    };
    const submit = (event) => {
      event.preventDefault();
      close(true);
    };
    const actions = [make("button", {}, press), button("Cancel", () => close(false))];
    const heading = make("h2", { id: "asked" }, title);
    const form = make("form", { submit }, heading, lines, make("p", { class: "actions" }, actions));
    const dialog = make("dialog", { "aria-labelledby": "asked", cancel: () => close(false) }, form);
    addEventListener("hashchange", left);
    document.body.append(dialog);
    dialog.showModal();
  });
}
