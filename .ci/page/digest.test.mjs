// The digest in JavaScript against the program's, in Chromium: on the corpus
// and on random documents, numbers and names that are made to trip.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appServer } from "./host.mjs";
import { browser } from "./lab.mjs";

const root = new URL("../..", import.meta.url).pathname;
const count = Number(process.env.DIGESTS ?? 40_000); // each is compared twice: whole, and with values blanked

function jsonFiles(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true }).filter((f) => f.endsWith(".json")).map((f) => readFileSync(join(dir, f), "utf8"));
}

// A small generator that gives the same documents on every run.
let seed = Number(process.env.SEED ?? 1);
const random = (n) => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0), Math.floor((seed / 2 ** 32) * n));
const pick = (list) => list[random(list.length)];
const digits = (n) => Array.from({ length: n }, () => random(10)).join("").replace(/^0+(?=\d)/, "");

const numbers = [
  () => String(random(1000)), () => "-" + (random(1000) + 1), () => digits(1 + random(40)), () => "-" + digits(1 + random(40)), () => "0", () => "-0", () => "-0.0", () => "0e5", () => "0.0",
  () => digits(1 + random(20)) + "." + digits(1 + random(25)), () => digits(1 + random(5)) + pick(["e", "E"]) + pick(["", "+", "-"]) + random(330),
  () => "1.0", () => "1E+2", () => "1e21", () => "1e-7", () => "9007199254740993.0", () => "5e-324", () => "1e-400", () => "1.7976931348623157e308",
  () => "0." + "0".repeat(random(10)) + digits(1 + random(20)), () => digits(1 + random(25)) + "e0", () => digits(1 + random(17)) + "." + "0".repeat(1 + random(5)),
];
const characters = ["a", "Z", "0", "9", "/", "~", "~0", "~1", '\\"', "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u001f", "\\u007f", "\u007f", "\u2028", "\\u2028", "é", "e\u0301", "\ufeff", "<", "&", "😀", "\\ud83d\\ude00", "\u{10ffff}", "\ue000", "\uffff", "$", "{{x}}", " "];
const text = () => `"${Array.from({ length: random(5) }, () => pick(characters)).join("")}"`;
const names = ["__proto__", "constructor", "toString", "length", "uuid", "integration", "zendesk_account_id", "$schema", "description", "secret", "my_secret", "name", "10", "9", "01", "", "a", "A", "é", "\u{1f600}", "\ue000", "secret/x~y"];
const name = () => (random(3) ? JSON.stringify(pick(names)) : text());
const value = (depth) => {
  const kind = random(depth > 4 ? 6 : 9);
  if (kind < 3) return pick(numbers)();
  if (kind === 3) return text();
  if (kind === 4) return pick(["true", "false", "null", '""', "[]", "{}"]);
  if (kind === 5) return text();
  const space = pick(["", " ", "\n  ", "\t"]);
  const inner = Array.from({ length: random(5) }, () => (kind === 6 ? value(depth + 1) : `${name()}${space}:${space}${value(depth + 1)}`));
  return kind === 6 ? `[${space}${inner.join("," + space)}${space}]` : `{${space}${inner.join("," + space)}}`;
};
const object = () => `{${Array.from({ length: 1 + random(6) }, () => `${name()}:${value(1)}`).join()}}`;

test("no digest differs from the program's", { timeout: 600_000 }, async () => {
  const corpus = [join(root, "examples"), join(root, "internal"), join(root, "../shared/corpus"), join(root, "../shared/cases")].flatMap(jsonFiles).filter((t) => !t.includes("\0"));
  const documents = [...corpus, ...Array.from({ length: count }, object)];
  const binary = execFileSync("go", ["run", "./.ci/page/digest"], { cwd: root, input: documents.join("\0"), maxBuffer: 2 ** 30, encoding: "utf8" });
  const want = binary.trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(want.length, documents.length);

  const served = await appServer({ "index.html": "<!doctype html>", "json.js": readFileSync(join(root, "internal/app/page/json.js"), "utf8") });
  const chrome = await browser();
  const tab = await chrome.context.newPage();
  await tab.goto(served.url + "/index.html");
  let compared = 0;
  const differ = [];
  for (let at = 0; at < documents.length; at += 4000) {
    const chunk = documents.slice(at, at + 4000).map((text, i) => ({ text, want: want[at + i] })).filter(({ want }) => want !== null);
    const have = await tab.evaluate(async (list) => {
      const { read, digest } = await import("/json.js");
      return Promise.all(list.map(async ({ text, want }) => ({ whole: await digest(read(text)), blanked: await digest(read(text), want.at ?? []) })));
    }, chunk);
    have.forEach(({ whole, blanked }, i) => {
      compared += 2;
      if (whole !== chunk[i].want.whole || blanked !== chunk[i].want.blanked) differ.push(chunk[i].text);
    });
  }
  await chrome.close();
  served.close();
  console.log(`${compared} digests compared, ${differ.length} documents differ`);
  assert.deepEqual(differ.slice(0, 5), []);
  assert.ok(compared >= 1.9 * count, `only ${compared} were compared: the program refuses too much`);
});
