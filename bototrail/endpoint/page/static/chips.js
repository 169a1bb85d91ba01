// The filter's terms, each a chip that can be negated, changed and taken away.

import { el, icon, shortened, visible } from "./dom.js";
import { label, said } from "./fields.js";
import { plain, term, wordOf } from "./words.js";

/**
 * The chip of a word.
 * @param {string} word
 * @param {Map<string, string>} names of fields
 * @param {{replace: (word: string|null) => void, edit: () => void}} does what its buttons do
 */
export function chip(word, names, { replace, edit }) {
  const found = term(word, names);
  const what = `${label(found.field)} ${found.negated ? "is not" : "is"} ${valuesOf(found)}`;
  const isText = found.field === "text";
  const negate = () => replace(wordOf({ ...found, negated: !found.negated }));
  const sign = isText ? (found.negated ? "without" : "with") : found.negated ? "is not" : "is";
  return el(
    `li.chip${found.negated ? ".not" : ""}${found.known ? "" : ".wrong"}`,
    null,
    el("button.chip-text", { title: `${visible(what)} (click to change)`, "aria-label": `Change: ${visible(what)}`, click: edit },
      el("span.chip-field", null, label(found.field))),
    el("button.chip-sign", { "aria-pressed": String(found.negated), title: found.negated ? "Want it" : "Exclude it", "aria-label": `${found.negated ? "Want" : "Exclude"} ${visible(what)}`, click: negate }, sign),
    el("button.chip-value", { tabindex: "-1", title: visible(what), click: edit, text: shortened(valuesOf(found), 60) }),
    el("button.chip-close", { "aria-label": `Remove: ${visible(what)}`, title: "Remove", click: () => replace(null) }, icon("close")),
  );
}

function valuesOf({ field, values }) {
  return values.map((value) => (value === "*" && field !== "text" ? "anything" : said(field, plain(value)))).join(" or ");
}
