// What may be typed next: fields, their values with counts, times.

import { ask } from "./api.js";
import { label, LABELS, said } from "./fields.js";
import { line } from "./state.js";
import { escaped } from "./words.js";

const TIMES = [
  ["15m", "the last 15 minutes"],
  ["1h", "the last hour"],
  ["24h", "the last day"],
  ["7d", "the last week"],
  ["30d", "the last 30 days"],
  ["today", "since midnight, UTC"],
  ["yesterday", "since yesterday's midnight, UTC"],
];

const HINTS = {
  eventName: "PutObject, Delete*",
  eventSource: "s3, ec2, iam",
  errorCode: "denied is every kind of it, * any",
  readOnly: "true or false",
  resourceName: "a name or an ARN",
  sourceIPAddress: "10.0.*",
  text: "anywhere in the record",
};

/**
 * Suggestions for a word that is being typed.
 * @param {string} word
 * @param {Map<string, string>} names of fields
 * @returns {Promise<Array<{word: string, text: string, note: string, more: boolean}>|null>}
 *   more: the word is not finished with it; null: no longer wanted
 */
export async function suggestions(word, names) {
  const found = /^([A-Za-z][A-Za-z_.-]*)(!?=)([\s\S]*)$/.exec(word);
  if (!found) return [...fieldsLike(word), ...(word.length > 1 ? await valuesLike(word) : [])].slice(0, 14);
  const [, name, sign, typed] = found;
  const bare = name.replace(/[._-]/g, "").toLowerCase();
  if (["since", "start", "from", "until", "end", "to"].includes(bare)) {
    return TIMES.filter(([time]) => time.startsWith(typed)).map(([time, note]) => option(`${name}=${time}`, note));
  }
  const field = names.get(bare);
  if (!field || field === "text") return [];
  return valuesOf(field, `${name}${sign}`, typed);
}

const option = (word, note, more = false) => ({ word, text: word, note, more });

function fieldsLike(word) {
  const wanted = word.toLowerCase();
  const fields = Object.entries(LABELS).filter(([field]) => field !== "eventTime");
  const all = [...fields, ["text", "Text"], ["since", "From when on"], ["until", "Up to when"]];
  return all
    .filter(([field, name]) => field.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted))
    .sort(([a], [b]) => Number(b.toLowerCase().startsWith(wanted)) - Number(a.toLowerCase().startsWith(wanted)))
    .slice(0, wanted ? 6 : 20)
    .map(([field, name]) => option(`${field}=`, HINTS[field] ? `${name} · ${HINTS[field]}` : name, true));
}

/** Events, users and services whose names have a text in them. */
async function valuesLike(word) {
  const fields = ["eventName", "userName", "eventSource"];
  const answer = await ask("values", { q: line(), fields: fields.join(), contains: word, limit: 4 }, "completion");
  return (answer?.fields ?? []).flatMap(({ field, values }) =>
    values.filter(([, , cut]) => !cut).map(([value, count]) => ({ ...option(`${field}=${escaped(value)}`, `${label(field)} · ${count.toLocaleString("en-US")}`) })),
  );
}

async function valuesOf(field, before, typed) {
  // The last of several values is being typed.
  const at = typed.search(/(?:[^,\\]|\\[\s\S]|\\$)*$/);
  const [done, last] = [typed.slice(0, at), typed.slice(at)];
  const special = field === "errorCode" ? [["denied", "every kind of it"], ["*", "any"]] : field === "readOnly" ? [["true", "reads"], ["false", "writes"]] : [["*", "any"]];
  const own = special.filter(([value]) => value.startsWith(last)).map(([value, note]) => option(`${before}${done}${value}`, note));
  if (field === "readOnly") return own;
  const bare = last.replace(/[*?\\]/g, "");
  const parameters = { q: line(), fields: field, limit: 60, ...(bare && field !== "eventID" ? { contains: bare } : {}) };
  const answer = await ask("values", parameters, "completion");
  if (!answer) return null;
  const values = answer.fields[0].values.filter(([value, , cut]) => !cut && value.toLowerCase().includes(bare.toLowerCase()));
  return [
    ...values.slice(0, 12).map(([value, count]) => ({ ...option(`${before}${done}${escaped(value)}`, count.toLocaleString("en-US")), text: String(said(field, value)) })),
    ...own,
  ];
}
