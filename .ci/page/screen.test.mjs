// Every state of the screen, over the emulator in Chromium: what it says, what
// it asks for, and a picture in SHOTS, if that names a directory.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, bundle, emulator, held, open, packed, patient, ran, reach, settled, write, zendesk } from "./lab.mjs";

let v1, files, chrome;
const v1File = bundle("main", { specs: ["a", "b", "old"] });
const v2File = bundle("main", { specs: ["a", "b", "new"], path: "/v2" });
const other = bundle("other", { specs: ["x"] });

before(async () => {
  v1 = await ran(v1File, other);
  files = await packed(v1, [v2File], "--prune");
  chrome = await browser();
});
after(() => chrome.close());

/** Takes a picture in light, dark and narrow; nothing may stick out. */
async function picture(page, name) {
  const { tab, frame } = page;
  for (const [kind, scheme, width] of [["light", "light", 1100], ["dark", "dark", 1100], ["narrow", "light", 360]]) {
    await tab.setViewportSize({ width, height: 900 });
    await tab.evaluate((s) => window.zaf("colorScheme.changed", s), scheme);
    await frame.waitForFunction((s) => document.documentElement.dataset.scheme === s, scheme);
    assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} sticks out at ${width}`);
    if (!process.env.SHOTS) continue;
    mkdirSync(process.env.SHOTS, { recursive: true });
    await tab.screenshot({ path: join(process.env.SHOTS, `${name}-${kind}.png`) });
  }
  await tab.setViewportSize({ width: 1100, height: 900 });
}

/** One scene: an account, the window around the page, what happens in it. */
async function scene({ state = v1, pack = files, about, patch, prepare = () => {} }, act) {
  const account = await emulator(state);
  const host = await zendesk(account, pack, { about, ...(patch && { patch }) });
  await prepare(account, host);
  const before = host.state.log.length;
  const page = await open(chrome.context, host, { until: [...settled] });
  try {
    await act(page, { account, host, wrote: () => host.state.log.slice(before).filter((r) => r.method !== "GET") });
    assert.deepEqual(page.errors, []);
  } finally {
    await page.tab.close();
    host.close();
    await account.close();
  }
}

const says = async (page, state, pattern) => {
  assert.equal(await page.frame.evaluate(() => document.body.dataset.state), state);
  assert.match(await page.frame.textContent("#sentence"), pattern);
  const offered = state === "ready" || state === "continue";
  assert.equal(await page.frame.isVisible("#apply"), offered || state === "applying");
  assert.equal(await page.frame.isEnabled("#apply"), offered);
};

test("ready, applying, done", () =>
  scene({ patch: patient }, async (page, { account, host }) => {
    await says(page, "ready", /acme runs what this plan was made for/);
    assert.match(await page.frame.textContent("#plan"), /api\.example\.com/);
    await picture(page, "ready");
    let release;
    const upload = new Promise((done) => (release = done));
    host.state.gate = (r) => (r.method === "POST" && /bundles/.test(r.url) ? upload : undefined);
    await page.frame.focus("#apply");
    await page.tab.keyboard.press("Enter");
    await reach(page.frame, ["applying"]);
    await page.frame.waitForSelector('#steps li[data-state="running"]');
    await says(page, "applying", /Leave this tab open/);
    await picture(page, "applying");
    release();
    await reach(page.frame, ["done"]);
    await says(page, "done", /It was read back/);
    await page.frame.click("#former summary");
    assert.match(await page.frame.inputValue("#former textarea"), /12345678901234567890123/);
    await picture(page, "done");
    assert.deepEqual((await held(account)).on, ["a", "b", "new", "x"]);
    await page.frame.click("#again");
    await reach(page.frame, ["done"]);
    await says(page, "done", /There is nothing to do/);
  }));

test("looking", () =>
  scene({ patch: (name, text) => text }, async (page, { host }) => {
    host.state.fault = () => "hang";
    await page.tab.reload();
    page.frame = await (await page.tab.waitForSelector("iframe")).contentFrame();
    await reach(page.frame, ["looking"]);
    await page.frame.waitForFunction(() => document.getElementById("sentence").textContent.startsWith("Reading"));
    await picture(page, "looking");
  }));

test("continue", () =>
  scene({ prepare: (account) => write(account, "DELETE", "/api/services/zis/registry/job_specs/install?job_spec_name=zis:crm:job_spec:a") }, async (page, { account }) => {
    await says(page, "continue", /A part of this release is there/);
    assert.equal(await page.frame.textContent("#apply"), "Continue");
    await picture(page, "continue");
    assert.equal(await page.apply(), "done");
    assert.deepEqual((await held(account)).on, ["a", "b", "new", "x"]);
  }));

test("changed: ours, another bundle, another job spec", async () => {
  const changes = {
    main: async (account) => write(account, "POST", "/api/services/zis/registry/crm/bundles", (await import("node:fs")).readFileSync(bundle("main", { path: "/hotfix" }), "utf8")),
    other: async (account) => write(account, "POST", "/api/services/zis/registry/crm/bundles", (await import("node:fs")).readFileSync(bundle("other", { specs: ["x"], path: "/theirs" }), "utf8")),
    x: (account) => write(account, "DELETE", "/api/services/zis/registry/job_specs/install?job_spec_name=zis:crm:job_spec:x"),
  };
  for (const [name, prepare] of Object.entries(changes)) {
    await scene({ prepare }, async (page, { wrote }) => {
      await says(page, "changed", /something was changed since/);
      assert.match(await page.frame.textContent("#names"), new RegExp(name));
      if (name === "main") await picture(page, "changed");
      assert.deepEqual(wrote(), []);
    });
  }
});

test("changed between the look and the click", () =>
  scene({}, async (page, { account, wrote }) => {
    await write(account, "DELETE", "/api/services/zis/registry/job_specs/install?job_spec_name=zis:crm:job_spec:x");
    assert.equal(await page.apply(), "changed");
    assert.deepEqual(wrote(), []);
  }));

test("a long integer that differs in its last digit is a change", async () => {
  const near = await ran(bundle("main", { specs: ["a", "b", "old"], n: "12345678901234567890124" }), other);
  await scene({ state: near }, async (page) => says(page, "changed", /changed since/));
});

for (const [state, about, pattern, reads] of [
  ["foreign", { context: { account: { subdomain: "globex" } } }, /This release is for acme/, false],
  ["nobody", { get: { currentUser: { role: "agent" } } }, /Only an administrator/, true],
  ["stale", { metadata: { appId: 7, version: "older" } }, /replaced by another one \(older\)/, true],
]) {
  test(state, () =>
    scene({ about }, async (page, { host, wrote }) => {
      await says(page, state, pattern);
      await picture(page, state);
      assert.deepEqual(wrote(), []);
      assert.deepEqual(host.state.log.filter((r) => r.url.includes("/zis/")), [], "nothing of the integration is read");
      assert.equal(reads || host.state.log.length === 0, true);
    }),
  );
}

test("stale: the account has another version installed", () => scene({ prepare: (_, host) => (host.state.installed = "newer") }, (page) => says(page, "stale", /\(newer\)/)));

test("nobody: the server says so", () =>
  scene({ about: { get: { currentUser: { role: "Team admin" } } }, prepare: (_, host) => (host.state.fault = (r) => (/zis/.test(r.url) ? 403 : undefined)) }, (page) =>
    says(page, "nobody", /Only an administrator/),
  ));

test("failed: what was refused, what was brought back", () =>
  scene({ prepare: (_, host) => (host.state.fault = (r) => (/job_spec%3Anew/.test(r.url) ? 400 : undefined)) }, async (page, { account }) => {
    assert.equal(await page.apply(), "failed");
    await says(page, "failed", /What it ran before was brought back/);
    assert.match(await page.frame.textContent("#said"), /refused with 400/);
    await picture(page, "failed");
    assert.deepEqual((await held(account)).on, ["a", "b", "old", "x"]);
  }));

test("failed: this browser can't read numbers without loss", () =>
  scene({ patch: (name, text) => text.replace("(name, value, { source })", "(name, value, { source = undefined } = {})").replace("JSON.parse(text,", "((t, f) => JSON.parse(t, (k, v) => f(k, v, {})))(text,") }, (page) =>
    says(page, "failed", /too old/),
  ));

test("outside: opened by its address", async () => {
  const account = await emulator(v1);
  const host = await zendesk(account, files);
  const tab = await chrome.context.newPage();
  await tab.goto(host.app.url + "/assets/index.html");
  await reach(tab.mainFrame(), ["outside"]);
  assert.match(await tab.textContent("#sentence"), /inside Zendesk only/);
  if (process.env.SHOTS) await tab.screenshot({ path: join(process.env.SHOTS, "outside-light.png") });
  await tab.close();
  host.close();
  await account.close();
});

test("text from the account and the release stays text", async () => {
  const name = 'x"><img src=x onerror=alert(1)>';
  const nasty = bundle("main", { specs: ["a", "b", "new"], path: "/<script>alert(1)</script>" });
  const pack = await packed(v1, [nasty], "--prune");
  await scene({ pack, prepare: (_, host) => (host.state.fault = (r) => (r.method === "POST" ? 400 : undefined)) }, async (page) => {
    assert.equal(await page.frame.locator("img, iframe, #plan script").count(), 0);
    assert.match(await page.frame.textContent("#plan"), /<script>alert/, name);
    await page.apply();
    assert.equal(await page.frame.locator("img").count(), 0);
  });
});

// Measured in the browser, from the click to the verdict, against the requests
// as the window sees them: what is left is the page's own work. On a machine
// with other work that takes as long as the requests do; then it is shown at a
// second a request.
test("Apply takes at most 1.1 times its longest chain of requests", { timeout: 120_000 }, async () => {
  const runs = [];
  for (const delay of [100, 100, 100, 1000]) {
    await scene({ patch: (name, text) => text }, async (page, { host }) => {
      host.state.delay = delay;
      const from = await page.tab.evaluate(() => window.asked.length);
      const took = await page.frame.evaluate(
        () =>
          new Promise((done) => {
            const start = performance.now();
            new MutationObserver(() => document.body.dataset.state === "applying" || done(performance.now() - start)).observe(document.body, { attributeFilter: ["data-state"] });
            document.getElementById("apply").click();
          }),
      );
      assert.equal(await page.frame.evaluate(() => document.body.dataset.state), "done");
      const { chain, depth } = longest((await page.tab.evaluate(() => window.asked)).slice(from));
      assert.equal(depth, 6, "read, upload, install, read back, prune, read back");
      runs.push({ delay, took, chain, ratio: took / chain });
      console.log(`Apply took ${Math.round(took)} ms at ${delay} ms a request; its longest chain, ${depth} requests, ${Math.round(chain)} ms: ${(took / chain).toFixed(2)}`);
    });
    if (runs.at(-1).ratio <= 1.1) return;
  }
  assert.fail(JSON.stringify(runs));
});

/** The longest chain of requests, each begun when the former had ended. */
function longest(log) {
  const best = [];
  for (const r of log.sort((a, b) => a.ended - b.ended)) {
    const former = best.filter((b) => b.ended <= r.at).reduce((a, b) => (b.chain > a.chain ? b : a), { chain: 0, depth: 0 });
    best.push({ ended: r.ended, chain: former.chain + r.ended - r.at, depth: former.depth + 1 });
  }
  return best.reduce((a, b) => (b.chain > a.chain ? b : a));
}

test("nothing is asked of any other host but the framework's", () => {
  const others = chrome.asked.filter((url) => !/^http:\/\/(localhost|127\.0\.0\.1):\d+\//.test(url));
  assert.deepEqual([...new Set(others)], ["https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"]);
});
