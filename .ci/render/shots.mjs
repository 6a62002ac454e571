// Takes pictures of the golden pages, in light and dark mode, into shots/. For
// people to look at: needs Chromium (apt-get install chromium), and is no check.
//
// npm ci && node shots.mjs [NAME...]
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { pages } from "./golden.mjs";
import { html } from "./page.mjs";

const modules = new URL("node_modules/", import.meta.url).pathname;
const shots = new URL("shots/", import.meta.url).pathname;
const only = process.argv.slice(2);
mkdirSync(shots, { recursive: true });

for (const { name, markdown } of pages) {
  if (only.length && !only.includes(name)) continue;
  const body = html(markdown)
    .replace(/<pre><code class="language-mermaid">([^]*?)<\/code><\/pre>/g, '<pre class="mermaid">$1</pre>')
    .replaceAll("<details>", "<details open>");
  for (const mode of ["light", "dark"]) {
    const page = `${shots}${name}-${mode}.html`;
    writeFileSync(page, `<!doctype html><meta charset="utf-8">
<link rel="stylesheet" href="file://${modules}github-markdown-css/github-markdown-${mode}.css">
<style>body{margin:0;padding:24px;width:920px;background:${mode === "dark" ? "#0d1117" : "#fff"}} pre.mermaid{background:none!important;text-align:center}</style>
<article class="markdown-body">${body}</article>
<script src="file://${modules}mermaid/dist/mermaid.min.js"></script>
<script>mermaid.initialize({startOnLoad: true, theme: "${mode === "dark" ? "dark" : "default"}"});</script>`);
    execFileSync("chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--hide-scrollbars",
      "--virtual-time-budget=20000", "--window-size=970,2400", `--screenshot=${shots}${name}-${mode}.png`, `file://${page}`], { stdio: "ignore" });
    console.log(`${name}-${mode}.png`);
  }
}
