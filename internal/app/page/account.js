// The account, asked through Zendesk's client on the admin's own session. It
// waits for no answer for ever, tells a refusal from an answer that tells
// nothing, and reads lists to their end.

import { read } from "./json.js";

const registry = "/api/services/zis/registry";
const patience = 30_000; // for one request; the SDK itself waits for ever
const pauses = [500, 1000, 2000]; // between readings of what could not be read
const tries = 3; // of a write that surely had no effect

/** The account said no: the write had no effect. */
export class Refused extends Error {
  constructor(status, said) {
    super(said || String(status));
    this.status = status;
  }
}

/** No answer that tells anything: a write may have had its effect. */
export class Unanswered extends Error {}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Makes the account of one integration from Zendesk's client. */
export function account(client, integration, { wait = patience, rest = sleep } = {}) {
  const at = `${registry}/${encodeURIComponent(integration)}`;

  async function ask(type, url, data) {
    let clock;
    const late = new Promise((_, fail) => (clock = setTimeout(() => fail(new Unanswered("timeout")), wait)));
    const options = { url, type, dataType: "text", httpCompleteResponse: true, autoRetry: false };
    if (data !== undefined) Object.assign(options, { data, contentType: "application/json" });
    try {
      return answer(await Promise.race([client.request(options).catch((e) => e ?? {}), late]), type);
    } finally {
      clearTimeout(clock);
    }
  }

  async function get(url) {
    for (let i = 0; ; i++) {
      try {
        return read(await ask("GET", url));
      } catch (e) {
        const hopeless = e instanceof Refused && e.status !== 429;
        if (hopeless || i === pauses.length) throw e instanceof SyntaxError ? new Unanswered("json") : e;
        await rest(pauses[i]);
      }
    }
  }

  // A write is made again only after a 429, which is a refusal for now, and if
  // may, which is asked then, doesn't throw.
  async function change(type, url, data, { allowed, may } = {}) {
    for (let i = 1; ; i++) {
      try {
        return await ask(type, url, data);
      } catch (e) {
        if (e instanceof Refused && e.status === allowed) return "";
        if (!(e instanceof Refused && e.status === 429) || i > tries) throw e;
        await rest(1000 * 2 ** i);
        await may?.();
      }
    }
  }

  async function list(url, member) {
    const all = [];
    const seen = new Set();
    for (let after = ""; ; ) {
      const page = await get(`${url}?page%5Bsize%5D=100${after && `&page%5Bafter%5D=${encodeURIComponent(after)}`}`);
      if (page?.[member] !== null && !Array.isArray(page?.[member])) throw new Unanswered(member);
      all.push(...(page[member] ?? []));
      if (!page.meta?.has_more) return all;
      after = page.meta.after?.text ?? page.meta.after;
      if (!after || seen.has(after)) throw new Unanswered("page");
      seen.add(after);
    }
  }

  async function body(uuid) {
    const bundle = await get(`${at}/bundles/${encodeURIComponent(uuid)}`);
    if (typeof bundle?.resources !== "object") throw new Unanswered("bundle");
    return bundle;
  }

  /**
   * Reads what the account holds: {bundles: [{name, uuid, body}], looked: when
   * these had been read, on: Set of the names of installed job specs}. Bodies
   * of bundles that are known are asked for beside the lists, not after them.
   */
  async function holds(known = []) {
    const early = new Map(known.map((uuid) => [uuid, body(uuid).catch((e) => e)]));
    const bundles = async () => {
      const entries = await list(`${at}/bundles`, "bundles");
      const bodies = await Promise.all(entries.map(({ uuid }) => early.get(uuid) ?? body(uuid)));
      const broken = bodies.find((b) => b instanceof Error);
      if (broken) throw broken;
      return { bundles: entries.map(({ name, uuid }, i) => ({ name, uuid, body: bodies[i] })), looked: Date.now() };
    };
    const [read, specs] = await Promise.all([bundles(), list(`${at}/job_specs`, "job_specs")]);
    return { ...read, on: new Set(specs.filter((s) => s.installed === true).map((s) => s.name)) };
  }

  const spec = (arn) => `${registry}/job_specs/install?job_spec_name=${encodeURIComponent(arn)}`;
  return {
    holds,
    /** Uploads a bundle. may is asked before that is repeated; what it throws ends it. */
    upload: (text, may) => change("POST", `${at}/bundles`, text, { may }),
    install: (arn) => change("POST", spec(arn), undefined, { allowed: 409 }),
    uninstall: (arn) => change("DELETE", spec(arn), undefined, { allowed: 404 }),
    /** The version of the app that is installed; undefined if the account doesn't say. */
    version: async (app) => {
      try {
        return (await get(`/api/v2/apps/${encodeURIComponent(app)}.json`))?.version;
      } catch (e) {
        if (e instanceof Refused) return undefined;
        throw e;
      }
    },
  };
}

// What the host gives is the whole response, or, if it ignores what was asked
// for, the body alone. A rejection has the same form. Status 200 with an error
// is a body that the host could not parse.
function answer(r, type) {
  if (typeof r === "string" || typeof r !== "object" || r === null) return body(r ?? "", type);
  if (typeof r.status !== "number") {
    if (r instanceof Error) throw r instanceof Unanswered ? r : new Unanswered(r.message);
    return JSON.stringify(r); // parsed by the host: nothing else is left of it
  }
  const text = r.responseText ?? (r.responseJSON === undefined ? "" : JSON.stringify(r.responseJSON));
  if (r.status >= 200 && r.status < 300) return body(text, type);
  if (r.status < 400 || r.status === 408 || r.status >= 500) throw new Unanswered(String(r.status));
  throw new Refused(r.status, said(text));
}

// A web page is no answer of the registry's: it stands before it.
function body(text, type) {
  if (/^\s*</.test(text)) throw new Unanswered(type === "GET" ? "html" : "written?");
  return text;
}

// The words of a refusal: JSON with a message, or plain text; one line of it.
function said(text) {
  let words = text;
  try {
    const { message, error, description, errors } = JSON.parse(text);
    words = [message, typeof error === "string" ? error : error?.message, description, ...(errors ?? []).map((e) => e.detail)]
      .filter((w) => typeof w === "string" && w !== "")
      .join(": ");
  } catch {
    if (/^\s*</.test(text)) words = "";
  }
  return words.replace(/[\s\p{C}]+/gu, " ").trim().slice(0, 300);
}
