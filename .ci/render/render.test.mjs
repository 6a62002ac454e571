// What GitHub makes of the golden pages: text from bundles and servers stays
// text, pictures can be drawn, nothing is left open.
//
// npm ci && npm test
import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { pages } from "./golden.mjs";
import { html, pictures } from "./page.mjs";

const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document, Element: window.Element }); // before mermaid looks for them
const { default: mermaid } = await import("mermaid");

const elements = ["A", "BR", "CODE", "DEL", "DETAILS", "H2", "H3", "INS", "LI", "P", "PRE", "STRONG", "SUMMARY", "TABLE", "TBODY", "TD", "TH", "THEAD", "TR", "UL"];

for (const { name, markdown } of pages) {
  const body = new JSDOM(html(markdown)).window.document.body;

  test(`${name} holds our elements only`, () => {
    const strange = [...body.querySelectorAll("*")].map((e) => e.tagName).filter((tag) => !elements.includes(tag));
    assert.deepEqual(strange, []);
  });
  test(`${name} leads to an account at most`, () => {
    for (const { href } of body.querySelectorAll("a")) assert.match(href, /^https:\/\/\w+\.zendesk\.com\//);
  });
  test(`${name} shows no markup`, () => {
    const text = [...body.querySelectorAll("h2, h3, p, td, li, summary")].map((e) => e.textContent).join("\n");
    assert.doesNotMatch(text, /\\[_|:]|&#?\w+;|\*\*/);
  });
  test(`${name} has pictures that can be drawn`, async () => {
    assert.equal(pictures(body).length, (markdown.match(/^```mermaid$/gm) ?? []).length);
    for (const picture of pictures(body)) await mermaid.parse(picture);
  });
}

test("there are pages with pictures", () => {
  assert.ok(pages.length >= 5);
  assert.ok(pages.some(({ markdown }) => markdown.includes("```mermaid")));
});

test("a picture that can't be drawn is noticed", async () => {
  await assert.rejects(mermaid.parse('flowchart TD\n  a["x" --> b'));
});
