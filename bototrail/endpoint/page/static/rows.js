// Events as rows of a table.

import { el, shortened } from "./dom.js";
import { label, lastOf, said } from "./fields.js";
import { stamp } from "./times.js";

const LONGEST = 160;

// Pixels of columns; those that have none share what is left, and have some at least. The table as it is at first fits
// into a window of 1280 pixels.
const WIDTHS = { eventTime: 162, eventName: 136, eventSource: 96, awsRegion: 106, sourceIPAddress: 130, errorCode: 132, recipientAccountId: 118, accessKeyId: 180, readOnly: 92, eventCategory: 104, eventID: 290, "userIdentity.arn": 300 };
const FLEXIBLE = 106;

/** What a cell shows, and what of it can be filtered by. */
function content(field, event) {
  const value = event[field];
  if (field === "eventTime") return { text: stamp(value), value: null };
  if (Array.isArray(value)) {
    const more = event[`${field}s`] - 1;
    return { text: value.length ? lastOf(value[0]) : "", value: value[0] ?? "", more: more > 0 ? ` +${more}` : "" };
  }
  if (value === null || value === undefined) return { text: "", value: "" };
  return { text: String(said(field, value)), value: String(value) };
}

/** What of a cell can be filtered by; empty when nothing. */
export const valueOf = (field, event) => content(field, event).value ?? "";

/** The row of an event; `index` is its place among all. */
export function row(event, index, columns) {
  const failed = event.errorCode !== "";
  const kind = `${failed ? ".failed" : ""}${event.readOnly === false ? ".write" : ""}${event.eventCategory === "Insight" ? ".of-insight" : ""}`;
  const cells = columns.map((field, column) => {
    const { text, more } = content(field, event);
    const shown = shortened(text, LONGEST);
    const inner = field === "errorCode" && text ? el("span.error-code", { text: shown }) : el("span.cell-text", { text: shown });
    return el(`td.c-${field.replace(".", "-")}`, { role: "gridcell", id: `cell-${index}-${column}`, "aria-colindex": column + 1, "data-field": field, title: text.length > 14 ? inner.textContent : null }, inner, more ? el("span.note", null, more) : null);
  });
  return el(`tr.row${kind}`, { role: "row", id: `row-${index}`, "aria-rowindex": index + 2, "data-index": index }, ...cells);
}

/** The place of an event that is still on its way. */
export function placeholder(index, columns) {
  return el("tr.row.waiting", { role: "row", "aria-rowindex": index + 2, "aria-busy": "true" }, el("td", { role: "gridcell", colspan: columns.length }, "…"));
}

/** How wide a table must be. */
export const leastWidth = (columns) => columns.reduce((sum, field) => sum + (WIDTHS[field] ?? FLEXIBLE), 0);

/** The head of the table. */
export function head(columns, order, turn) {
  return el("tr", { role: "row", "aria-rowindex": 1 }, ...columns.map((field, column) => {
    const sorted = field === "eventTime" ? (order === "newest" ? "descending" : "ascending") : null;
    const inner = sorted ? el("button.sort", { click: turn, title: order === "newest" ? "Newest first; click for the oldest" : "Oldest first; click for the newest" }, label(field), el("span", { "aria-hidden": "true" }, order === "newest" ? " ↓" : " ↑")) : label(field);
    const cell = el(`th.c-${field.replace(".", "-")}`, { role: "columnheader", scope: "col", "aria-colindex": column + 1, "aria-sort": sorted }, inner);
    if (WIDTHS[field]) cell.style.width = field === "eventName" ? `max(${WIDTHS[field]}px, 14cqw)` : `${WIDTHS[field]}px`;
    return cell;
  }));
}
