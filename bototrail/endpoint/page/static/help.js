// Windows before the page: how it is used, and the question for the token.

import { signIn } from "./api.js";
import { el, iconButton } from "./dom.js";
import { LABELS } from "./fields.js";
import { KEYS } from "./keys.js";

const EXAMPLES = [
  ["eventName=Put*,Delete*", "one of these; * is any text, ? any character"],
  ["userName!=ci,deploy", "none of these"],
  ["service=s3", "events of a service; resource=, user=, role=, region=, ip=, key= are short, too"],
  ["errorCode=denied", "whatever means “not allowed”"],
  ["errorCode=*", "all that failed; errorCode!=* all that did not"],
  ["readOnly=false", "only what changed something"],
  ["since=2h", "or 2026-11-21, 2026-11-21T10:20:00Z, yesterday; until= likewise"],
  ['"no such key"', "text anywhere in the record, in upper or lower case"],
];

/** The window that tells how the page is used. */
export function help(dialog) {
  dialog.append(
    el("div.details-bar", null, el("h2", { id: "help-title" }, "How to look things up"), iconButton("close", "Close", () => dialog.close())),
    el("div.dialog-body", null,
      el("h3", null, "Filters"),
      el("p", null, "An event must meet all of them."),
      el("dl.help-list", null, ...EXAMPLES.flatMap(([text, meaning]) => [el("dt", null, el("code", null, text)), el("dd", null, meaning)])),
      el("p.note", null, `Fields: ${Object.keys(LABELS).filter((field) => field !== "eventTime").join(", ")}, text.`),
      el("h3", null, "Keys"),
      el("dl.help-list", null, ...KEYS.flatMap(([key, meaning]) => [el("dt", null, ...key.split("  ").map((each) => el("kbd", null, each))), el("dd", null, meaning)])),
      el("p.note", null, "With the mouse: drag over the timeline to narrow the time. In the columns of filters, a click wants a value, a second one excludes it.")),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return { show: () => dialog.open || dialog.showModal() };
}

/** The window that asks for the server's token. */
export function signInWindow(dialog) {
  const input = el("input", { type: "password", id: "token", autocomplete: "current-password", required: true });
  const fault = el("p.fault", { role: "alert", hidden: true });
  const form = el("form", { submit: async (event) => {
    event.preventDefault();
    const known = await signIn(input.value.trim()).catch(() => false);
    if (known) return location.reload();
    fault.textContent = "This is not the server’s token.";
    fault.hidden = false;
    input.select();
  } }, el("label", { for: "token" }, "Token"), input, fault, el("div.buttons", null, el("button.primary", { type: "submit" }, "Open")));
  form.querySelector("button").type = "submit";
  dialog.append(el("div.dialog-body", null, el("h2", { id: "signin-title" }, "This server wants its token"), el("p", null, "It is the one that bototrail serve was started with: --token or BOTOTRAIL_TOKEN. The browser is let in until it is closed."), form));
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  return { show: () => dialog.open || dialog.showModal() };
}
