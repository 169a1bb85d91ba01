// Asking the server. Answers to what is no longer wanted are thrown away.

const running = new Map();

/** An answer that is a refusal. */
export class Refused extends Error {
  constructor(message, field, status) {
    super(message);
    this.field = field;
    this.status = status;
  }
}

let askForToken = () => {};

/** Say what to do when the server wants its token. */
export const onToken = (ask) => (askForToken = ask);

/**
 * What the server says.
 * @param {string} path below `/-/`
 * @param {Object} parameters
 * @param {string} lane of a lane only the last request counts; empty for all
 * @returns {Promise<Object|null>} null when another request has taken its place
 */
export async function ask(path, parameters = {}, lane = "") {
  const abort = new AbortController();
  if (lane) {
    running.get(lane)?.abort();
    running.set(lane, abort);
  }
  try {
    const answer = await fetch(`/-/${path}?${new URLSearchParams(parameters)}`, { signal: abort.signal, cache: "no-store" });
    const body = await answer.json();
    if (answer.ok) return body;
    if (body.__type === "UnrecognizedClientException") askForToken();
    throw new Refused(body.message ?? body.Message ?? `The server answered ${answer.status}.`, body.field ?? "", answer.status);
  } catch (error) {
    if (abort.signal.aborted) return null;
    if (error instanceof Refused) throw error;
    throw new Refused("The server does not answer. Is bototrail serve still running?", "", 0);
  } finally {
    if (lane && running.get(lane) === abort) running.delete(lane);
  }
}

/** No answer of a lane is wanted any more. */
export function forget(lane) {
  running.get(lane)?.abort();
  running.delete(lane);
}

/** Show the token; gives whether it was the right one. */
export async function signIn(token) {
  const answer = await fetch("/-/login", { method: "POST", headers: { authorization: `Bearer ${token}` } });
  return answer.ok;
}

/** Where all events of a filter can be downloaded. */
export const downloadUrl = (kind, q, order) => `/-/download.${kind}?${new URLSearchParams({ q, order })}`;
