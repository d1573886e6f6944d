// The public routes under /v1, and the key for them, which lives as long as this tab does.
const KEY = "countervoice-key";
const PATIENCE_MS = 60_000;

export class Refused extends Error {
  constructor(status, code, message, scope = null) {
    super(message);
    Object.assign(this, { status, code, scope });
  }
}

export const hasKey = () => sessionStorage.getItem(KEY) !== null;
export const keepKey = (key) => sessionStorage.setItem(KEY, key);
export const forgetKey = () => sessionStorage.removeItem(KEY);

// GET, or POST where something is sent. The path comes in parts; what is queried, as an object.
export async function ask(parts, { sent, query } = {}) {
  const path = `v1/${parts.map(encodeURIComponent).join("/")}${query ? `?${new URLSearchParams(query)}` : ""}`;
  const headers = hasKey() ? { Authorization: `Bearer ${sessionStorage.getItem(KEY)}` } : {};
  if (sent !== undefined) headers["Content-Type"] = "application/json";
  let answer, said;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const body = sent === undefined ? undefined : JSON.stringify(sent);
    answer = await fetch(path, { method: body === undefined ? "GET" : "POST", headers, body, signal });
    said = await answer.json();
  } catch {
    throw new Refused(0, "away", "The service cannot be reached, or gave no whole answer. Is it running?");
  }
  if (answer.ok) return said;
  const { code = "error", message = `The service answered ${answer.status}.` } = said?.error ?? {};
  const scope = /scope="(\w+)"/.exec(answer.headers.get("WWW-Authenticate") ?? "")?.[1];
  throw new Refused(answer.status, code, message, scope);
}

// What is asked for, or `otherwise` where there is none of it.
export async function askOr(otherwise, code, parts, more) {
  try {
    return await ask(parts, more);
  } catch (error) {
    if (error.code === code) return otherwise;
    throw error;
  }
}
