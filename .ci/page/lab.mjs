// What the tests of the page share: the program, accounts in known states, a
// package of the app, and Chromium.
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { appServer, hostServer, sdk } from "./host.mjs";

const root = new URL("../..", import.meta.url).pathname;
export const dir = mkdtempSync(join(tmpdir(), "zis-page-"));
const zis = join(dir, "zis");
execFileSync("go", ["build", "-o", zis, "./cmd/zis"], { cwd: root, stdio: "inherit" });

const env = { PATH: process.env.PATH, HOME: dir, ZENDESK_EMAIL: "admin@example.com", ZENDESK_API_TOKEN: "token-of-the-emulator" };
const authorization = "Basic " + Buffer.from(`${env.ZENDESK_EMAIL}/token:${env.ZENDESK_API_TOKEN}`).toString("base64");

/** Runs zis; its stdout. */
export const run = (...args) => execFileSync(zis, args, { cwd: dir, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Runs zis and gives {code, out}. */
export function tries(...args) {
  try {
    return { code: 0, out: run(...args) };
  } catch (e) {
    return { code: e.status, out: e.stdout + e.stderr };
  }
}

/** Starts the emulator on a copy of a state file. */
export async function emulator(from) {
  const file = join(dir, `state-${Math.random().toString(36).slice(2)}.json`);
  if (from) copyFileSync(from, file);
  const child = spawn(zis, ["emulator", "--listen", "127.0.0.1:0", "--state", file], { env, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((up) => child.stdout.once("data", (line) => up(String(line).trim())));
  return { url, file, close: () => new Promise((down) => (child.once("exit", down), child.kill())) };
}

/** What an account holds, asked for past the page. */
export async function held(account, integration = "crm") {
  const get = async (path) => (await fetch(`${account.url}/api/services/zis/registry/${integration}/${path}`, { headers: { authorization } })).json();
  const { job_specs } = await get("job_specs?page[size]=100");
  const { bundles } = await get("bundles?page[size]=100");
  const bodies = Object.fromEntries(await Promise.all(bundles.map(async (b) => [b.name, await get(`bundles/${b.uuid}`)])));
  return { on: job_specs.filter((s) => s.installed).map((s) => s.name).sort(), bodies };
}

export async function write(account, method, path, body) {
  const res = await fetch(account.url + path, { method, headers: { authorization, "content-type": "application/json" }, body });
  if (!res.ok) throw new Error(`${method} ${path}: ${res.status}`);
}

/** A bundle with an action, a flow and job specs. n is a number that must survive. */
export function bundle(name, { specs = ["a", "b"], path = "/v1", n = "12345678901234567890123" } = {}) {
  const prefix = name === "main" ? "" : `${name}_`;
  const resources = {
    [`${prefix}act`]: `{"type":"ZIS::Action::Http","properties":{"name":"${prefix}act","definition":{"method":"POST","url":"https://api.example.com${path}","requestBody":{"n":${n}}}}}`,
    [`${prefix}flow`]: `{"type":"ZIS::Flow","properties":{"name":"${prefix}flow","definition":{"StartAt":"A","States":{"A":{"Type":"Action","ActionName":"zis:crm:action:${prefix}act","Next":"End"},"End":{"Type":"Succeed"}}}}}`,
  };
  for (const spec of specs) {
    resources[spec] = `{"type":"ZIS::JobSpec","properties":{"name":"${spec}","event_source":"support","event_type":"ticket.CommentAdded","flow_name":"zis:crm:flow:${prefix}flow"}}`;
  }
  const file = join(dir, `${name}-${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(file, `{"zis_template_version":"2019-10-14","name":"${name}","description":"Café <b>${name}</b>","resources":{${Object.entries(resources).map(([k, v]) => `"${k}":${v}`).join()}}}`);
  return file;
}

/** An account that runs these files, as a state file. */
export const ran = (...files) => ranFrom(undefined, ...files);

/** The same, begun from a state file. */
export async function ranFrom(state, ...files) {
  const account = await emulator(state);
  const at = ["--base-url", account.url, "--integration", "crm"];
  run("register", ...at);
  for (const file of files) run("deploy", ...at, file);
  await account.close();
  return account.file;
}

/** The package of the app for files, as planned against a state. */
export async function packed(state, files, ...flags) {
  const account = await emulator(state);
  const out = join(dir, `app-${Math.random().toString(36).slice(2)}.zip`);
  run("app", "build", "--base-url", account.url, "--subdomain", "acme", "--integration", "crm", "--out", out, ...flags, ...files);
  await account.close();
  return unzip(out);
}

export function unzip(file) {
  const names = execFileSync("unzip", ["-Z1", file], { encoding: "utf8" }).trim().split("\n");
  return Object.fromEntries(names.map((name) => [name, execFileSync("unzip", ["-p", file, name], { encoding: "utf8" })]));
}

export const releaseOf = (files) => JSON.parse(/id="release">(.*?)<\/script>/s.exec(files["assets/index.html"])[1]);

// The page waits as long as people do; tests don't.
const shorter = { "const patience = 30_000; // for one": "const patience = 400; // for one", "const pauses = [500, 1000, 2000]": "const pauses = [5, 10, 20]", "const readings = [500, 1000, 2000]": "const readings = [5, 10, 20]", "rest(1000 * ": "rest(10 * " };
export function hurried(name, text) {
  for (const [slow, fast] of Object.entries(shorter)) text = text.replaceAll(slow, fast);
  return text;
}

/** Only the pauses: a request has so many milliseconds, or the time that people's have. */
export const waiting = (wait) => (name, text) => hurried(name, text).replace("const patience = 400", `const patience = ${wait}`);
export const patient = waiting(30_000);

/** Zendesk around an account and a package. */
export async function zendesk(account, files, { patch = hurried, about = {} } = {}) {
  const release = releaseOf(files);
  const app = await appServer(files, patch);
  const host = await hostServer({
    account: account.url, app, authorization,
    about: {
      metadata: { appId: 7, installationId: 8, name: "zis-deploy crm", version: release.version, settings: { title: "x" } },
      context: { instanceGuid: "i", product: "support", location: "nav_bar", account: { subdomain: "acme" } },
      get: { currentUser: { id: 1, name: "Ann", role: "admin" }, colorScheme: "light" },
      ...about,
    },
  });
  host.state.app = async () => ({ status: 200, type: "application/json", text: JSON.stringify({ id: 7, name: "zis-deploy crm", version: host.state.installed ?? release.version }) });
  return { ...host, app, release, close: () => (host.close(), app.close()) };
}

/** Chromium. thirdParty says whether frames of other sites have storage. */
export async function browser({ thirdParty = true } = {}) {
  const profile = mkdtempSync(join(dir, "profile-"));
  execFileSync("mkdir", ["-p", join(profile, "Default")]);
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify({ profile: { block_third_party_cookies: !thirdParty, cookie_controls_mode: thirdParty ? 0 : 1 } }));
  const context = await chromium.launchPersistentContext(profile, { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], viewport: { width: 1100, height: 900 } });
  const asked = [];
  context.on("request", (r) => asked.push(r.url()));
  await context.route("https://static.zdassets.com/**", (route) => route.fulfill({ contentType: "text/javascript", body: sdk }));
  return { context, asked, close: () => context.close() };
}

/** Opens the page and waits until it has found out where it stands. */
export async function open(context, host, { until = settled } = {}) {
  const tab = await context.newPage();
  const errors = [];
  tab.on("pageerror", (e) => errors.push(e.message));
  await tab.goto(host.url + "/agent");
  const frame = await (await tab.waitForSelector("iframe")).contentFrame();
  await frame.waitForSelector("body[data-state]");
  const state = await reach(frame, until);
  return { tab, frame, errors, state, apply: async (then = settled) => (await frame.click("#apply"), reach(frame, then)) };
}

export const settled = ["ready", "continue", "done", "failed", "changed", "foreign", "nobody", "stale", "elsewhere", "outside"];

export async function reach(frame, states, timeout = 90_000) {
  await frame.waitForFunction((list) => list.includes(document.body.dataset.state), states, { timeout, polling: 20 });
  return frame.evaluate(() => document.body.dataset.state);
}

export const text = (frame, selector) => frame.textContent(selector);

process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
