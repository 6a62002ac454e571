import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, bundle, emulator, held, open, packed, ran, releaseOf, zendesk } from "./lab.mjs";

test("apply", async () => {
  const v1 = await ran(bundle("main", { specs: ["a", "b", "old"] }));
  const v2 = bundle("main", { specs: ["a", "b", "new"], path: "/v2" });
  const files = await packed(v1, [v2], "--prune");
  const account = await emulator(v1);
  const host = await zendesk(account, files);
  const chrome = await browser();
  const page = await open(chrome.context, host);
  console.log(page.state, await page.frame.textContent("#sentence"), await page.frame.textContent("#said"));
  await page.tab.screenshot({ path: "/tmp/ready.png" });
  console.log(await page.apply(), await page.frame.textContent("#sentence"), await page.frame.textContent("#said"), await page.frame.textContent("#steps"));
  await page.tab.screenshot({ path: "/tmp/done.png" });
  console.log(page.errors, host.state.log.map((l) => l.method + " " + l.url).join("\n"), chrome.asked.filter((u) => !u.includes("localhost") && !u.includes("127.0.0.1")));
  console.log((await held(account)).on);
  await chrome.close(); host.close(); await account.close();
});
