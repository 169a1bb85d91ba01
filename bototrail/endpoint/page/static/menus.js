// Small windows that a button opens.

import { downloadUrl } from "./api.js";
import { copy, el, icon } from "./dom.js";
import { label, LABELS } from "./fields.js";
import { change, COLUMNS, current, line, words } from "./state.js";
import { forShell } from "./words.js";

/**
 * A button, and a window below it that is filled when it is opened.
 * @param {string} name of a drawing
 * @param {string} text
 * @param {() => Node[]} fill
 */
export function menu(name, text, fill) {
  const button = el("button", { "aria-haspopup": "true", "aria-expanded": "false", click: () => show(panel.hidden) }, icon(name), el("span.wide-only", null, text));
  button.setAttribute("aria-label", text);
  const panel = el("div.popover", { role: "group", "aria-label": text, hidden: true });
  const whole = el("div.menu", null, button, panel);

  function show(wanted) {
    if (wanted) panel.replaceChildren(...fill(() => (show(false), button.focus())));
    panel.hidden = !wanted;
    if (wanted) panel.style.maxHeight = `${Math.max(160, innerHeight - panel.getBoundingClientRect().top - 24)}px`;
    button.setAttribute("aria-expanded", String(wanted));
    if (wanted) panel.querySelector("a, button, input")?.focus();
  }

  whole.addEventListener("keydown", (event) => {
    if (panel.hidden) return;
    const entries = [...panel.querySelectorAll("a, button, input")];
    const at = entries.indexOf(document.activeElement);
    if (event.key === "Escape") (show(false), button.focus());
    else if (event.key === "ArrowDown") entries[(at + 1) % entries.length].focus();
    else if (event.key === "ArrowUp") entries[(at - 1 + entries.length) % entries.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  whole.addEventListener("focusout", (event) => event.relatedTarget && !whole.contains(event.relatedTarget) && show(false));
  document.addEventListener("pointerdown", (event) => !panel.hidden && !whole.contains(event.target) && show(false));
  return whole;
}

/** Which columns the table has. */
export function columnMenu() {
  return menu("columns", "Columns", () => {
    const boxes = Object.keys(LABELS).map((field) => {
      const box = el("input", { type: "checkbox", checked: current().columns.includes(field), change: () => {
        const chosen = new Set(current().columns);
        if (box.checked) chosen.add(field);
        else chosen.delete(field);
        const columns = Object.keys(LABELS).filter((each) => chosen.has(each));
        change({ columns: columns.length ? columns : COLUMNS }, { replace: true });
      } });
      return el("label.check", null, box, label(field));
    });
    return [...boxes, el("button.plain", { click: () => change({ columns: COLUMNS }, { replace: true }) }, "As at first")];
  });
}

/** All events of the filter, as files. */
export function downloadMenu(count) {
  return menu("down", "Download", (close) => {
    const entry = (kind, text) => el("a.entry", { href: downloadUrl(kind, line(), current().order), download: "", click: close }, text);
    return [el("p.note", null, count()), entry("json", "JSON, as CloudTrail's log files"), entry("csv", "CSV, for spreadsheets")];
  });
}

/** What is shown, for others and for a prompt. */
export function shareMenu() {
  return menu("copy", "Copy", (close) => {
    const entry = (text, what, get) => el("button.entry", { click: () => (close(), copy(get(), what)) }, text);
    return [
      entry("Link to what is shown", "the link", () => location.href),
      entry("The filter, as a line", "the filter", () => line()),
      entry("The command for a prompt", "the command", () => `bototrail lookup ${forShell(words())}`.trim()),
    ];
  });
}
