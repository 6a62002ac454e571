// Two tabs, two browsers, frames with and without storage: one works, and in
// the end the account runs the release once.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { browser, bundle, emulator, held, open, packed, patient, ran, reach, settled, zendesk } from "./lab.mjs";

let v1, files;
before(async () => {
  v1 = await ran(bundle("main", { specs: ["a", "b", "old"] }));
  files = await packed(v1, [bundle("main", { specs: ["a", "b", "new"], path: "/v2" })], "--prune");
});

async function scene(about, act) {
  const account = await emulator(v1);
  const host = await zendesk(account, files, { about, patch: patient });
  await act(host, account);
  assert.deepEqual((await held(account)).on, ["a", "b", "new"]);
  host.close();
  await account.close();
}

const uploads = (host) => host.state.log.filter((r) => r.method === "POST" && r.url.endsWith("/bundles")).length;

for (const thirdParty of [true, false]) {
  const storage = `third-party storage ${thirdParty ? "allowed" : "blocked"}`;

  test(`two tabs, ${storage}: the second waits, and then finds it done`, { timeout: 60_000 }, async () => {
    const chrome = await browser({ thirdParty });
    await scene({}, async (host) => {
      const one = await open(chrome.context, host);
      assert.equal(await one.frame.evaluate(() => navigator.locks.query().then(() => true, () => false)), thirdParty, "the browser is not as the test needs it");
      const two = await open(chrome.context, host);
      assert.deepEqual([one.state, two.state], ["ready", "ready"]);
      host.state.delay = 300;
      await one.frame.click("#apply");
      await reach(one.frame, ["applying"]);
      await one.frame.waitForSelector("#steps li");
      await two.frame.click("#apply");
      assert.equal(await reach(two.frame, settled), "elsewhere");
      if (process.env.SHOTS && thirdParty) {
        mkdirSync(process.env.SHOTS, { recursive: true });
        await two.tab.screenshot({ path: join(process.env.SHOTS, "elsewhere-light.png") });
      }
      const three = await open(chrome.context, host); // opened in the middle
      assert.equal(three.state === "elsewhere" || three.state === "changed" || three.state === "done", true, three.state);
      assert.equal(await reach(one.frame, settled), "done");
      assert.equal(await reach(two.frame, ["done"]), "done");
      assert.match(await two.frame.textContent("#sentence"), /nothing to do/);
      assert.equal(uploads(host), 1);
      assert.deepEqual([...one.errors, ...two.errors], []);
    });
    await chrome.close();
  });

  test(`two tabs, ${storage}: clicked at the same moment, one works`, { timeout: 60_000 }, async () => {
    const chrome = await browser({ thirdParty });
    await scene({}, async (host) => {
      const tabs = [await open(chrome.context, host), await open(chrome.context, host)];
      host.state.delay = 100;
      await Promise.all(tabs.map(({ frame }) => frame.click("#apply")));
      await Promise.all(tabs.map(({ frame }) => reach(frame, ["done"], 30_000)));
      assert.equal(uploads(host), 1);
    });
    await chrome.close();
  });

  test(`a tab that is closed while it works lets the next go on, ${storage}`, { timeout: 60_000 }, async () => {
    const chrome = await browser({ thirdParty });
    await scene({}, async (host) => {
      const [one, two] = [await open(chrome.context, host), await open(chrome.context, host)];
      host.state.fault = (r) => (r.method === "POST" ? "hang" : undefined); // for good
      await one.frame.click("#apply");
      await one.frame.waitForSelector('#steps li[data-state="running"]');
      await two.frame.click("#apply");
      await reach(two.frame, ["elsewhere"]);
      host.state.fault = () => undefined;
      await one.tab.close();
      assert.equal(await reach(two.frame, ["ready", "continue"], 20_000), "ready");
      assert.equal(await two.apply(), "done");
    });
    await chrome.close();
  });
}

test("two browsers at once", { timeout: 60_000 }, async () => {
  const browsers = [await browser(), await browser()];
  await scene({}, async (host) => {
    const pages = [await open(browsers[0].context, host), await open(browsers[1].context, host)];
    host.state.delay = 50;
    await Promise.all(pages.map(({ frame }) => frame.click("#apply")));
    for (const page of pages) {
      const state = await reach(page.frame, settled, 30_000);
      assert.match(state, /^(done|ready|continue)$/, await page.frame.textContent("#sentence"));
      if (state !== "done") assert.equal(await page.apply(), "done");
    }
  });
  for (const b of browsers) await b.close();
});

test("a frame that has an origin of nobody works as well", { timeout: 60_000 }, async () => {
  const chrome = await browser();
  await scene({ sandbox: "allow-scripts" }, async (host) => {
    const page = await open(chrome.context, host);
    assert.equal(page.state, "ready");
    assert.equal(await page.apply(), "done");
  });
  await chrome.close();
});
