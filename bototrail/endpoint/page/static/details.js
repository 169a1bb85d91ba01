// One event, whole: in words, why it was denied, and as JSON.

import { ask, forget } from "./api.js";
import { copy, el, icon, iconButton, shortened, visible } from "./dom.js";
import { label } from "./fields.js";
import { pretty, view } from "./json.js";
import { change, current, href } from "./state.js";
import { facts, insight, parsed } from "./summary.js";
import { iso } from "./times.js";
import { written } from "./words.js";

// Members of a record that are fields of the index; other values are looked for as text.
const FIELDS = new Map(Object.entries({
  awsRegion: "awsRegion",
  errorCode: "errorCode",
  eventCategory: "eventCategory",
  eventID: "eventID",
  eventName: "eventName",
  eventSource: "eventSource",
  "insightDetails.eventName": "eventName",
  "insightDetails.eventSource": "eventSource",
  readOnly: "readOnly",
  recipientAccountId: "recipientAccountId",
  sourceIPAddress: "sourceIPAddress",
  "userIdentity.accessKeyId": "accessKeyId",
  "userIdentity.arn": "userIdentity.arn",
  "userIdentity.sessionContext.sessionIssuer.arn": "userIdentity.arn",
  "userIdentity.sessionContext.sessionIssuer.userName": "role",
  "userIdentity.userName": "userName",
}));
const AROUND = 300; // seconds before and after

/** The address of all events with a value. */
const withValue = (field, value) => href({ q: [`${field}=${written(field, value)}`], open: "", caller: "" });

/**
 * Fill the panel of one event.
 * @param {HTMLElement} aside
 * @param {{step: (by: number) => void, opened: (id: string) => void, focusTable: () => void}} hooks
 */
export function details(aside, { step, opened, focusTable }) {
  let shown = null;
  let last = "";

  async function load() {
    const id = current().open;
    opened(id);
    document.body.classList.toggle("with-details", Boolean(id));
    aside.hidden = !id;
    if (id === last) return;
    last = id;
    shown = null;
    if (!id) return forget("details");
    const dot = id.indexOf(".");
    aside.setAttribute("aria-busy", "true");
    try {
      const found = await ask("event", { id: id.slice(dot + 1), time: id.slice(0, dot) }, "details");
      if (!found) return;
      shown = found;
      draw(found);
    } catch (error) {
      last = ""; // to be asked again
      aside.replaceChildren(bar("No event"), el("div.empty", null, el("p", { text: error.message })));
    }
    aside.removeAttribute("aria-busy");
  }

  function bar(title) {
    return el("div.details-bar", null, el("h2", { text: shortened(title, 80), tabindex: "-1" }),
      iconButton("previous", "The event above", () => step(-1)), iconButton("next", "The event below", () => step(1)), iconButton("close", "Close (Esc)", close));
  }

  function draw({ event, record, resources, denial }) {
    const object = parsed(record);
    const link = (field, value, text = value) => el("a.value-link", { href: withValue(field, value), title: `All events with ${label(field)} ${visible(shortened(value, 100))}`, text: shortened(text, 300) });
    const rows = facts(event, object, resources, link);
    aside.replaceChildren(
      bar(event.eventName || "Event"),
      el("div.details-body", null,
        denial ? refusal(denial) : null,
        insight(object),
        el("dl.facts", null, ...rows.flatMap(([name, nodes]) => [el("dt", null, name), el("dd", null, ...nodes)])),
        el("div.buttons", null,
          ...callers(event).map(([field, value]) => el("button", { click: () => change({ caller: `${field}=${written(field, value)}` }), title: visible(value) }, icon("person"), `What did this ${WORDS[field]} do?`)),
          el("button", { click: () => change({ q: [], since: iso(event.eventTime - AROUND), until: iso(event.eventTime + AROUND) }), title: "All events of five minutes before and after" }, icon("clock"), "What happened around it?"),
        ),
        el("div.card-head", null, el("h3", null, "Record"), el("button.plain", { click: () => copyRecord(record) }, icon("copy"), "Copy JSON")),
        view(record, (path, value, kind) => addressOf(event, path, value, kind)),
      ),
    );
    aside.scrollTop = 0;
  }

  function close() {
    change({ open: "" });
    focusTable();
  }

  return {
    load,
    close,
    focus: () => aside.querySelector("h2")?.focus(),
    copy: () => shown && copyRecord(shown.record),
    event: () => shown?.event ?? null,
  };
}

const WORDS = { role: "role", userName: "user", accessKeyId: "key" };

/** By what the caller of an event can be looked at. */
export function callers(event) {
  const found = [["role", event.role], ["userName", event.role && event.role !== event.userName ? "" : event.userName], ["accessKeyId", event.accessKeyId]];
  return found.filter(([, value]) => value);
}

const copyRecord = (record) => copy(pretty(record), "the record");

function addressOf(event, path, value, kind) {
  if (value === "") return null;
  const name = path.join(".");
  if (name === "eventTime" && kind === "string") return href({ q: [], since: value, until: value, open: "", caller: "" });
  const field = FIELDS.get(name);
  if (field && String(event[field]) === value) return withValue(field, value);
  if (kind === "string" && event.resourceName.includes(value)) return withValue("resourceName", value);
  return withValue("text", value);
}

/** Why a call was denied, as far as its record tells. */
function refusal(denial) {
  return el("section.denial", { "aria-label": "Why it was denied" },
    el("h3", null, icon("warning"), "Denied"),
    ...denial.sentences.map((sentence) => el("p", { text: shortened(sentence, 3000) })));
}
