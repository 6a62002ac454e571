// JSON without loss, and the digest of a bundle as the program computes it:
// numbers stay the text that they are in the source, so a long integer can't
// become another one on its way through a float.

/** A number, by its text in the source. */
export class Numeral {
  constructor(text) {
    this.text = text;
  }
}

/** Whether this browser tells the source text of a number. */
export function lossless() {
  try {
    return read("[9007199254740993.0]")[0].text === "9007199254740993.0";
  } catch {
    return false;
  }
}

/** Reads JSON; numbers become Numerals. Of two members with one name the last counts. */
export function read(text) {
  return JSON.parse(text, (name, value, { source }) => (typeof value === "number" ? new Numeral(source) : value));
}

const isObject = (v) => typeof v === "object" && v !== null && !Array.isArray(v) && !(v instanceof Numeral);

/** Writes what read gave: members in their order, numbers as they were. */
export const write = (v) => text(v, (n) => n.text, (names) => names);

/** Writes the form that is compared: members sorted, 1.0 as 1. */
export const canonical = (v) => text(v, number, (names) => names.sort());

function text(v, numeral, order) {
  if (v instanceof Numeral) return numeral(v);
  if (Array.isArray(v)) return `[${v.map((item) => text(item, numeral, order)).join()}]`;
  if (!isObject(v)) return JSON.stringify(v);
  return `{${order(Object.keys(v)).map((name) => `${JSON.stringify(name)}:${text(v[name], numeral, order)}`).join()}}`;
}

// An integer keeps all its digits. A number with a point or an exponent is
// written as JavaScript writes it, which is what RFC 8785 asks for; one beyond
// all floats counts as 0, as in the program (a check refuses it in our files).
function number({ text }) {
  if (!/[.eE]/.test(text)) return text === "-0" ? "0" : text;
  const n = Number(text);
  return Number.isFinite(n) ? String(n) : "0";
}

// What the registry adds when a bundle is read, or what is for editors only.
const added = ["uuid", "integration", "zendesk_account_id", "$schema"];

/** The bundle as it can be uploaded: without what the registry adds. */
export function uploaded(bundle) {
  return isObject(bundle) ? Object.fromEntries(Object.entries(bundle).filter(([name]) => !added.includes(name))) : bundle;
}

/** "sha256:…" over the canonical form; values at the blanked JSON pointers count as null. */
export async function digest(bundle, blanked = []) {
  const kept = uploaded(blanked.length ? blank(bundle, blanked) : bundle);
  if (kept.description === "") delete kept.description;
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(kept)));
  return "sha256:" + [...new Uint8Array(sum)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/**
 * Whether what is shown may be what the account made of what was sent: it
 * lacks something, has a text shortened or something added, and says nothing
 * else.
 */
export function onlyLess(shown, sent) {
  if (shown === null || shown === "") return true;
  if (typeof shown === "string") return typeof sent === "string" && (sent.includes(shown) || shown.includes("***"));
  if (Array.isArray(shown)) return Array.isArray(sent) && shown.every((v, i) => i >= sent.length || onlyLess(v, sent[i]));
  if (isObject(shown)) return isObject(sent) && Object.keys(shown).every((name) => !Object.hasOwn(sent, name) || onlyLess(shown[name], sent[name]));
  return sent !== undefined && canonical(shown) === canonical(sent);
}

function blank(bundle, pointers) {
  const copy = read(write(bundle));
  for (const pointer of pointers) {
    const steps = pointer.split("/").slice(1).map((s) => s.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = steps.pop();
    const at = steps.reduce((v, s) => (v !== null && typeof v === "object" && Object.hasOwn(v, s) ? v[s] : undefined), copy);
    if (at !== null && typeof at === "object" && Object.hasOwn(at, last)) at[last] = null;
  }
  return copy;
}
