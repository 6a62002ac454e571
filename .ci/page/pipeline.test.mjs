// The whole way of a release without an API token: a push to main pushes the
// app, the comment says where to apply it, an agent can't, an administrator
// does on a session of the account's own, and what proves it updates the
// comment. The action's entry point, the emulator and Chromium.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { installed } from "./apply.mjs";
import { hub } from "./hub.mjs";
import { browser, bundle, dir, emulator, held, open, ranFrom } from "./lab.mjs";

const later = new Date(Date.now() + 3_600_000).toISOString();

test("push, pending, apply, verify", { timeout: 180_000 }, async () => {
  const seed = join(dir, "seed.json");
  writeFileSync(seed, JSON.stringify({
    next_id: 1_260_800_799_110, integrations: [], tokens: {}, agents: { "bob@example.com": true },
    sessions: { "session-of-ann": { user: "ann@example.com", csrf: "csrf-of-ann", expires_at: later }, "session-of-bob": { user: "bob@example.com", csrf: "csrf-of-bob", expires_at: later } },
  }));
  const account = await emulator(await ranFrom(seed, bundle("main", { specs: ["a", "old"] })));
  const github = await hub();

  const workspace = join(dir, "workspace");
  mkdirSync(join(workspace, "zis"), { recursive: true });
  copyFileSync(bundle("main", { specs: ["a", "new"], path: "/v2" }), join(workspace, "zis/bundle.json"));
  const action = async (event, inputs) => {
    const files = { GITHUB_OUTPUT: join(dir, `output-${event}`), GITHUB_STEP_SUMMARY: join(dir, `summary-${event}.md`), GITHUB_EVENT_PATH: join(dir, "event.json") };
    writeFileSync(files.GITHUB_EVENT_PATH, "{}");
    const env = {
      PATH: process.env.PATH, HOME: dir, ...files, GITHUB_WORKSPACE: workspace, GITHUB_API_URL: github.url, GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
      GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "o/r", GITHUB_RUN_ID: "99", GITHUB_EVENT_NAME: event, GITHUB_REF: "refs/heads/main", GITHUB_SHA: "merged", GITHUB_ACTIONS: "true",
      "INPUT_ZENDESK-CLIENT-ID": "ci", "INPUT_ZENDESK-CLIENT-SECRET": "secret-of-the-client", "INPUT_GITHUB-TOKEN": "token-of-the-workflow",
      "INPUT_BASE-URL": account.url, INPUT_SUBDOMAIN: "acme", INPUT_INTEGRATION: "crm", INPUT_PRUNE: "true", ...inputs,
    };
    const { stdout: log } = await promisify(execFile)(join(dir, "zis"), ["action"], { env, encoding: "utf8", cwd: workspace }).catch((e) => assert.fail(e.stdout + e.stderr));
    assert.ok(!log.replaceAll(/::add-mask::.*/g, "").includes("secret-of-the-client"));
    return { log, outputs: readFileSync(files.GITHUB_OUTPUT, "utf8") };
  };

  const pushed = await action("push", { INPUT_COMMAND: "deploy", INPUT_VIA: "app" });
  assert.match(pushed.outputs, /pending/);
  assert.equal(github.comments.length, 1);
  assert.match(github.comments[0].body, /⏳ deploy pending.*waits for an admin of acme.*<http:\/\/127\.0\.0\.1:\d+\/agent\/apps\/zis-deploy-crm>/);
  assert.deepEqual((await held(account)).on, ["a", "old"], "nothing is deployed yet");

  const chrome = await browser();
  const agent = await (await installed(account.url, "crm", "acme", "session-of-bob"))("session-of-ann");
  assert.equal((await open(chrome.context, agent)).state, "nobody");

  const admin = await (await installed(account.url, "crm", "acme", "session-of-ann"))();
  const page = await open(chrome.context, admin);
  assert.equal(page.state, "ready", await page.frame.textContent("main"));
  assert.equal(await page.apply(), "done", await page.frame.textContent("main"));
  assert.deepEqual(page.errors, []);
  assert.deepEqual((await held(account)).on, ["a", "new"]);

  const verified = await action("schedule", { INPUT_COMMAND: "verify" });
  assert.match(verified.outputs, /succeeded/);
  assert.equal(github.comments.length, 1);
  assert.match(github.comments[0].body, /✅ verify succeeded.*runs exactly this/);

  // the next release is another version of the same app: the tab that is open is stale
  copyFileSync(bundle("main", { specs: ["a", "new"], path: "/v3" }), join(workspace, "zis/bundle.json"));
  await action("push", { INPUT_COMMAND: "deploy", INPUT_VIA: "app" });
  assert.match(github.comments[0].body, /⏳ deploy pending/);
  await page.frame.click("#again");
  await page.frame.waitForSelector('body[data-state="stale"]');

  await chrome.close();
  agent.close();
  admin.close();
  github.close();
  await account.close();
});
