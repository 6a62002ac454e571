// The screen. All its words come from the program: the plan stands in the
// page, the sentences of the states in #words. Text is only ever set as text.

import { Refused, account } from "./account.js";
import { apply } from "./apply.js";
import { lossless, uploaded, write } from "./json.js";
import { compare } from "./state.js";
import { turns } from "./tabs.js";

const $ = (id) => document.getElementById(id);
const release = JSON.parse($("release").textContent);
const words = JSON.parse($("words").textContent);
let busy = false; // looking or applying
let stop = false; // what was found can't change while the page is open
let seen; // what the admin was shown
let api;
let client;
let turn;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** Shows a state: its sentence, what the account said, which things it is about. */
function show(state, why = state, { names = [], said = "", version = "", here = "" } = {}) {
  const { subdomain, integration } = release;
  $("sentence").textContent = fill(words[why] ?? words[state], { subdomain, integration, version, here });
  $("said").textContent = said && fill(words.said, { said });
  $("names").replaceChildren(...names.map((name) => element("li", name)));
  const offered = state === "ready" || state === "continue";
  $("apply").hidden = !offered && state !== "applying";
  $("apply").disabled = !offered;
  $("apply").textContent = words[state === "continue" ? "button.continue" : "button.apply"];
  $("again").hidden = !["failed", "changed", "done"].includes(state) || stop;
  document.body.dataset.state = state;
}

function element(tag, text, attributes = {}) {
  const e = document.createElement(tag);
  e.textContent = text;
  Object.entries(attributes).forEach(([name, value]) => e.setAttribute(name, value));
  return e;
}

/** Shows how a step goes; a step is one line, whatever happens to it. */
function tell({ step, name, state, former }) {
  if (former) return offer(former);
  $("progress").hidden = false;
  const id = `${step} ${name}`;
  let line = [...$("steps").children].find((e) => e.dataset.id === id);
  if (line === undefined) {
    line = element("li", "", { "data-id": id });
    $("steps").append(line);
  }
  line.dataset.state = state;
  const what = fill(words[`step.${step}${name && words[`step.${step}.${name}`] ? `.${name}` : ""}`], { name: shown(name) });
  line.textContent = fill(words[`step.${state}`], { what });
}

const shown = (name) => name.slice(name.lastIndexOf(":") + 1) || name;

/** Offers the former bodies, before the first write. */
function offer(former) {
  $("former").hidden = false;
  $("bodies").replaceChildren(
    ...former.bundles.flatMap((b, i) => {
      const area = element("textarea", "", { id: `body-${i}`, readonly: "", rows: "8", spellcheck: "false" });
      area.value = write(uploaded(b.body));
      return [element("label", b.name, { for: area.id }), area];
    }),
  );
}

async function look() {
  if (busy || stop) return;
  busy = true;
  show("looking");
  try {
    await found(await api.holds(release.before.bundles.map((b) => b.uuid).filter(Boolean)));
  } catch (e) {
    failed(e);
  } finally {
    busy = false;
  }
}

async function found(have) {
  const now = await compare(release, have);
  seen = { have, is: now.is };
  if (now.is === "there") return show("done", "there");
  if (now.is === "changed") return show("changed", "changed", { names: now.differs });
  const end = await turn.take();
  if (end === null) return elsewhere();
  end();
  show(now.is);
}

function elsewhere() {
  show("elsewhere");
  turn.freed(look);
}

function failed(e) {
  if (e instanceof Refused && e.status === 403) return show("nobody", "nobody", { said: e.message });
  show("failed", e instanceof Refused && e.status === 401 ? "session" : "unread", { said: e.message });
}

async function start() {
  if (busy) return;
  busy = true;
  show("applying");
  $("steps").replaceChildren();
  const end = await turn.take();
  if (end === null) {
    busy = false;
    return elsewhere();
  }
  let result;
  try {
    result = await apply(release, api, seen, tell);
  } catch (e) {
    result = { state: "failed", why: "unknown", said: e.message };
  } finally {
    end();
    busy = false;
  }
  if (result.state === "continue" || result.state === "ready") return look();
  show(result.state, result.why, result);
  $("sentence").focus();
}

/** What is wrong with where and by whom the page was opened; undefined if nothing is. */
async function wrong() {
  const [{ account: here }, about, { currentUser: user }] = await Promise.all([
    within(client.context()),
    within(client.metadata()),
    within(client.get("currentUser")),
  ]);
  if (here?.subdomain?.toLowerCase() !== release.subdomain.toLowerCase()) return ["foreign", { here: here?.subdomain ?? "" }];
  const version = await api.version(about.appId);
  const other = [about.version, version].find((v) => v !== undefined && v !== release.version);
  if (other !== undefined) return ["stale", { version: other }];
  // The server decides; a role that can be an administrator's is left to it.
  if (!/\badmin/i.test((user?.role ?? "admin").replaceAll("_", " "))) return ["nobody", {}];
  return undefined;
}

const patience = 30_000; // for what the host tells; it may not answer

const within = (promise) =>
  Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error("timeout")), patience))]);

function scheme(name) {
  if (name === "light" || name === "dark") document.documentElement.dataset.scheme = name;
}

async function main() {
  scheme(new URLSearchParams(location.search + location.hash.replace("#", "&")).get("colorScheme"));
  if (!lossless()) return end("failed", "browser");
  if (window.ZAFClient === undefined) return end(window === window.top ? "outside" : "failed", window === window.top ? "outside" : "sdk");
  client = window.ZAFClient.init();
  if (!client) return end("outside");
  client.on("colorScheme.changed", scheme);
  api = account(client, release.integration);
  turn = await turns(`zis-deploy ${release.subdomain} ${release.integration}`);
  $("apply").addEventListener("click", start);
  $("again").addEventListener("click", open);
  client.on("pane.activated", () => ["ready", "continue", "changed"].includes(document.body.dataset.state) && look());
  await open();
}

async function open() {
  show("looking");
  try {
    const trouble = await wrong();
    if (trouble) return end(trouble[0], trouble[0], trouble[1]);
  } catch (e) {
    return failed(e);
  }
  await look();
}

function end(state, why, more) {
  stop = true;
  show(state, why, more);
}

main().catch((e) => show("failed", "unread", { said: e.message }));
