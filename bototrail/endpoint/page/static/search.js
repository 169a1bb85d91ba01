// The box of the filter: chips, a field to type in, suggestions, and what is wrong.

import { el, icon, iconButton, visible } from "./dom.js";
import { chip } from "./chips.js";
import { suggestions } from "./completion.js";
import { ranges } from "./ranges.js";
import { change, current, onChange } from "./state.js";
import { joined, split } from "./words.js";

const SINCE = ["since", "start", "from"];
const UNTIL = ["until", "end", "to"];
const PAUSE = 80; // milliseconds without a key, before the server is asked for suggestions

/**
 * Fill the form of the filter.
 * @param {HTMLFormElement} form
 * @param {() => Map<string, string>} names of fields
 * @param {() => void} help shows what can be typed
 * @returns {{focus: () => void, fault: (message: string) => void, draw: () => void}}
 */
export function search(form, names, help) {
  const input = el("input.search-input", {
    type: "text", role: "combobox", "aria-label": "Add a filter, or text to search for", "aria-autocomplete": "list",
    "aria-controls": "suggestions", "aria-expanded": "false", "aria-describedby": "fault", spellcheck: "false",
    autocapitalize: "off", enterkeyhint: "search", maxlength: "4000",
  });
  const chips = el("ul.chips", { "aria-label": "Filters" });
  const list = el("ul.suggestions", { id: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: true });
  const fault = el("p.fault", { id: "fault", role: "alert", hidden: true });
  const clear = el("button.plain.clear", { click: () => change({ q: [], since: "", until: "" }), title: "Remove all filters" }, "Clear");
  const box = el("div.search-box", { mousedown: (event) => event.target === box && (event.preventDefault(), input.focus()) },
    icon("search"), chips, input, clear, iconButton("filter", "What can be typed here", help, { class: "icon-button search-help" }), list);
  form.append(el("div.search-row", null, box, ranges()), fault);

  let found = [];
  let chosen = -1;
  let typed = 0;

  function draw() {
    const { q, since, until } = current();
    chips.replaceChildren(...q.map((word, place) => chip(word, names(), {
      replace: (next) => {
        change({ q: next === null ? q.toSpliced(place, 1) : q.with(place, next) });
        if (next === null) focusQuietly();
        else chips.children[place]?.querySelector(".chip-sign")?.focus();
      },
      edit: () => edit(place),
    })));
    clear.hidden = !q.length && !since && !until;
    input.placeholder = q.length ? "Add a filter" : "Filter: PutObject, userName=alice, errorCode=denied, any text";
  }

  /** Be ready to type, but cover nothing with suggestions. */
  function focusQuietly() {
    input.removeEventListener("focus", suggest);
    input.focus();
    input.addEventListener("focus", suggest);
  }

  /** A chip becomes text again. */
  function edit(place) {
    const word = current().q[place];
    change({ q: current().q.toSpliced(place, 1) });
    input.value = joined([word]);
    input.focus();
    suggest();
  }

  function commit(text = input.value) {
    const changes = { q: [...current().q] };
    for (const word of split(text)) {
      const [, name, value] = /^([A-Za-z]+)=([\s\S]*)$/.exec(word) ?? [];
      if (SINCE.includes(name?.toLowerCase())) changes.since = value;
      else if (UNTIL.includes(name?.toLowerCase())) changes.until = value;
      else if (!changes.q.includes(word)) changes.q.push(word);
    }
    input.value = "";
    hide();
    change(changes);
  }

  async function suggest() {
    const turn = ++typed;
    await new Promise((done) => setTimeout(done, PAUSE));
    if (turn !== typed) return;
    const words = split(input.value);
    const word = /[ \t]$/.test(input.value) && !/["'][^"']*$/.test(input.value) ? "" : (words.at(-1) ?? "");
    let next;
    try {
      next = await suggestions(word, names());
    } catch {
      next = [];
    }
    if (turn !== typed || next === null || document.activeElement !== input) return;
    found = next.map((each) => ({ ...each, before: word ? words.slice(0, -1) : words }));
    chosen = -1;
    list.replaceChildren(...found.map((each, place) => el("li", {
      role: "option", id: `suggestion-${place}`, "aria-selected": "false",
      mousedown: (event) => (event.preventDefault(), take(place)),
    }, el("span.suggested", { text: each.text }), el("span.note", null, each.note))));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function take(place) {
    const { word, more, before } = found[place];
    if (!more) return commit(joined([...before, word]));
    input.value = [...(before.length ? [joined(before)] : []), word].join(" ");
    input.focus();
    suggest();
  }

  function hide() {
    typed++;
    list.hidden = true;
    found = [];
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(step) {
    if (!found.length) return;
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = (chosen + step + found.length + (chosen < 0 && step < 0 ? 1 : 0)) % found.length;
    const option = list.children[chosen];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  const keys = {
    ArrowDown: () => (list.hidden ? suggest() : choose(1)),
    ArrowUp: () => choose(-1),
    Enter: () => (chosen >= 0 ? take(chosen) : commit()),
    Tab: () => (chosen >= 0 ? take(chosen) : false),
    Escape: () => (list.hidden ? (input.value ? (input.value = "") : input.blur()) : hide()),
    Backspace: () => (input.value || !current().q.length ? false : edit(current().q.length - 1)),
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    if (keys[event.key]() !== false) event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("input", suggest);
  input.addEventListener("focus", suggest);
  input.addEventListener("blur", hide);
  form.addEventListener("submit", (event) => (event.preventDefault(), commit()));
  onChange((changed) => (changed.has("q") || changed.has("since") || changed.has("until")) && draw());
  draw();

  return {
    draw,
    focus: () => (input.focus(), input.select()),
    fault: (message) => {
      fault.replaceChildren(...(message ? [icon("warning"), el("span", null, visible(sentence(message)))] : []));
      fault.hidden = !message;
      box.classList.toggle("bad", Boolean(message));
    },
  };
}

/** `expected X; found Y; do Z` in three sentences. */
function sentence(message) {
  return message.split("; ").map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(". ") + (message.endsWith(".") ? "" : ".");
}

