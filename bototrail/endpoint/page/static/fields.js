// What fields are called on the page.

/** Fields of events: what people call them; those that columns can show. */
export const LABELS = {
  eventTime: "Time",
  eventName: "Event",
  eventSource: "Service",
  userName: "User",
  resourceName: "Resource",
  awsRegion: "Region",
  sourceIPAddress: "Source address",
  errorCode: "Error",
  eventID: "Event ID",
  role: "Role",
  session: "Session",
  accessKeyId: "Access key",
  recipientAccountId: "Account",
  eventCategory: "Category",
  readOnly: "Read-only",
  resourceType: "Resource type",
  "userIdentity.arn": "Caller's ARN",
};

/** Fields that are offered with counts, and whether they are open at first. */
export const FACETS = [
  ["eventName", true],
  ["eventSource", true],
  ["userName", true],
  ["role", false],
  ["errorCode", true],
  ["awsRegion", false],
  ["recipientAccountId", false],
  ["sourceIPAddress", false],
  ["resourceType", false],
  ["readOnly", false],
  ["eventCategory", false],
];

export const label = (field) => (field === "text" ? "Text" : (LABELS[field] ?? field));

/** A value as people say it. */
export function said(field, value) {
  if (field === "eventSource") return service(value);
  if (field === "readOnly") return value === "true" || value === true ? "read" : value === "false" || value === false ? "write" : String(value);
  return value;
}

/** `s3` for `s3.amazonaws.com`. */
export const service = (source) => source.replace(/\.amazonaws\.com(\.cn)?$/, "");

/** A name at its end, where resources and ARNs differ. */
export function lastOf(name) {
  return name.startsWith("arn:") ? name.split(":").slice(5).join(":") || name : name;
}
