// An event in words: who, what, where, and how it ended.

import { el, iconButton, copy, shortened, shown } from "./dom.js";
import { service } from "./fields.js";
import { stamp, zone, iso, ago } from "./times.js";

/** What is at a path of parsed JSON, if it is text, a number, or true or false. */
export function at(object, ...path) {
  let found = object;
  for (const key of path) {
    if (found === null || typeof found !== "object" || !Object.hasOwn(found, key)) return "";
    found = found[key];
  }
  return ["string", "number", "boolean"].includes(typeof found) ? String(found) : "";
}

/** The record, as far as JavaScript can read it. */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * Rows of what is known: a name, and nodes.
 * @param {Object} event the values of its fields
 * @param {Object} record parsed
 * @param {Array<{type: string, name: string}>} resources
 * @param {(field: string, value: string, text?: string) => Node} link to all events with a value
 */
export function facts(event, record, resources, link) {
  const rows = [];
  const row = (name, ...nodes) => nodes.some((node) => node && (typeof node !== "string" || node.trim())) && rows.push([name, nodes.filter(Boolean)]);
  const note = (text) => (text ? el("span.note", null, " ", shown(shortened(text, 300))) : null);
  const linked = (field, value, text) => (value ? link(field, value, text) : null);

  row("Time", `${stamp(event.eventTime)} ${zone(event.eventTime)}`, note(ago(event.eventTime)), el("span.offscreen", null, iso(event.eventTime)));
  row("Event", linked("eventName", event.eventName), event.eventSource && el("span.note", null, " of "), linked("eventSource", event.eventSource, service(event.eventSource)),
    note(event.readOnly === true ? "read" : event.readOnly === false ? "write" : ""), note(event.eventCategory === "Management" ? "" : event.eventCategory));
  row("Caller", ...callerOf(event, record, linked, note));
  row("Access key", linked("accessKeyId", event.accessKeyId), note(at(record, "userIdentity", "sessionContext", "attributes", "mfaAuthenticated") === "true" ? "with MFA" : ""));
  row("Invoked by", at(record, "userIdentity", "invokedBy") && el("span", { text: shortened(at(record, "userIdentity", "invokedBy")) }));
  row("From", linked("sourceIPAddress", event.sourceIPAddress), note(at(record, "vpcEndpointId")));
  row("With", at(record, "userAgent") && el("span", { text: shortened(at(record, "userAgent"), 300) }), note(at(record, "tlsDetails", "tlsVersion")));
  row("In", linked("awsRegion", event.awsRegion), event.recipientAccountId && el("span.note", null, " account "), linked("recipientAccountId", event.recipientAccountId));
  if (event.errorCode) row("Error", linked("errorCode", event.errorCode), el("p.message", { text: shortened(at(record, "errorMessage"), 2000) }));
  if (resources.length) row("On", el("ul.resources", null, ...resources.slice(0, 30).map(({ type, name }) => el("li", null, link("resourceName", name), note(type), name.startsWith("arn:") ? iconButton("copy", "Copy the ARN", () => copy(name, "the ARN"), { class: "icon-button small" }) : null)), resources.length > 30 ? el("li.note", null, `and ${resources.length - 30} more`) : null));
  row("Event ID", event.eventID && el("span.mono", { text: shortened(event.eventID, 100) }), event.eventID && iconButton("copy", "Copy the event ID", () => copy(event.eventID, "the event ID"), { class: "icon-button small" }));
  return rows;
}

function callerOf(event, record, linked, note) {
  const arn = event["userIdentity.arn"];
  const kind = at(record, "userIdentity", "type");
  const who = event.role && event.role !== event.userName
    ? [linked("role", event.role), el("span.note", null, " session "), linked("session", event.session || event.userName)]
    : [linked("userName", event.userName)];
  return [...who, note(kind), arn ? el("div.arn", null, linked("userIdentity.arn", arn), iconButton("copy", "Copy the ARN", () => copy(arn, "the ARN"), { class: "icon-button small" })) : null];
}

/** What an insight says, in a sentence; null of other events. */
export function insight(record) {
  const details = record.insightDetails;
  if (details === null || typeof details !== "object") return null;
  const average = (which) => Number(at(details, "insightContext", "statistics", which, "average"));
  const [usual, unusual] = [average("baseline"), average("insight")];
  const what = at(details, "insightType") === "ApiErrorRateInsight" ? `errors${at(details, "errorCode") ? ` (${at(details, "errorCode")})` : ""}` : "calls";
  const rate = (number) => (Number.isFinite(number) ? number.toLocaleString("en-US", { maximumSignificantDigits: 3 }) : "?");
  const state = at(details, "state") === "End" ? "Back to usual" : "Unusual activity";
  return el("div.insight-box", null, el("strong", null, state), el("p", { text: `${at(details, "eventName")} of ${service(at(details, "eventSource"))}: ${rate(unusual)} ${what} a minute, usually ${rate(usual)}.` }));
}
