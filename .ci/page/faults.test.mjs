// Each request of the page meets each fault: what the page says in the end is
// true, nothing is lost, and to open it again brings the release about.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, bundle, emulator, held, open, packed, patient, ran, reach, waiting, zendesk } from "./lab.mjs";

const afterwards = { on: ["a", "b", "new", "x"], path: "/v2" };
const beforehand = { on: ["a", "b", "old", "x"], path: "/v1" };
const reads = ["reset", "hang", "html", "cut", 503, 429, 401, 404];
const writes = ["reset", "lost", "hang", "silent", "html", "html-after", 503, 429, 400, 401, 403, 404];

let v1, files, chrome, requests;

const standing = async (account) => {
  const { on, bodies } = await held(account);
  return { on, path: new URL(bodies.main.resources.act.properties.definition.url).pathname };
};

// Only what never answers is given up early, and not so early that a busy
// machine is taken for it.
const patch = (kind) => (kind === "hang" || kind === "silent" ? waiting(4000) : patient);

/** One account on which the page runs with a fault, of this kind; act gets both. */
async function scene(fault, act, kind) {
  const account = await emulator(v1);
  let now = patch(kind);
  const host = await zendesk(account, files, { patch: (name, text) => now(name, text) });
  host.state.fault = fault;
  host.calm = () => ((now = patient), (host.state.fault = () => undefined));
  try {
    return await act(account, host);
  } finally {
    host.close();
    await account.close();
  }
}

/** Opens the page anew and does what it offers; the account must run the release. */
async function converge(account, host) {
  host.calm();
  const page = await open(chrome.context, host);
  if (page.state !== "done") assert.match(page.state, /^(ready|continue)$/);
  if (page.state !== "done") assert.equal(await page.apply(), "done", await page.frame.textContent("main"));
  assert.deepEqual(page.errors, []);
  await page.tab.close();
  assert.deepEqual(await standing(account), afterwards);
}

/** Runs the page with a fault and holds what it says against the account. */
async function play(account, host) {
  const page = await open(chrome.context, host);
  if (page.state === "failed" || page.state === "nobody") {
    assert.deepEqual(await standing(account), beforehand, "a page that only looked has written");
    await page.tab.close();
    return page.state;
  }
  assert.equal(page.state, "ready");
  const state = await page.apply();
  const sentence = await page.frame.textContent("#sentence");
  const now = await standing(account);
  if (state === "done") assert.deepEqual(now, afterwards, sentence);
  if (/^The account refused it, and runs|brought back, and read back|^Only an admin|Nothing was written/.test(sentence)) assert.deepEqual(now, beforehand, sentence);
  assert.match(state, /^(done|failed|nobody|ready)$/, sentence);
  assert.ok(["/v1", "/v2"].includes(now.path));
  assert.deepEqual(page.errors, []);
  await page.tab.close();
  return `${state}: ${sentence}`;
}

before(async () => {
  v1 = await ran(bundle("main", { specs: ["a", "b", "old"] }), bundle("other", { specs: ["x"] }));
  files = await packed(v1, [bundle("main", { specs: ["a", "b", "new"], path: "/v2" })], "--prune");
  chrome = await browser();
  requests = await scene(() => undefined, async (account, host) => {
    assert.equal((await play(account, host)).slice(0, 4), "done");
    return host.state.log.map(({ method, url }) => ({ method, url }));
  });
});

after(() => chrome.close());

// Each write meets each fault; of the readings, which are all made by one
// function, each meets one, in turn. FAULTS=all has each meet each.
const kindsAt = (n, method) => {
  if (method !== "GET") return writes;
  return process.env.FAULTS === "all" ? reads : [reads[n % reads.length]];
};

test("requests meet faults", { timeout: 7200_000, concurrency: 2 }, async (t) => {
  const all = [];
  for (const [n, { method, url }] of requests.entries()) {
    for (const kind of kindsAt(n, method)) {
      const what = `${kind} at ${n}, ${method} ${decodeURIComponent(url.replace("/api/services/zis/registry/", ""))}`;
      all.push(t.test(what, () =>
        scene(
          (r) => (r.n === n ? kind : undefined),
          async (account, host) => {
            const said = await play(account, host);
            if (process.env.TELL) console.log(`${what} => ${said}`);
            await converge(account, host);
          },
          kind,
        ),
      ));
    }
  }
  await Promise.all(all);
});

test("a write that is refused every time leads back to what ran", { timeout: 600_000 }, async (t) => {
  for (const [match, sentence] of [
    [/POST .*\/crm\/bundles/, /The account refused it, and runs what it ran before/],
    [/POST .*job_spec%3Anew/, /brought back, and read back/],
    [/POST .*job_spec%3Ab$/, /not all of what it ran before/],
  ]) {
    await t.test(String(match), () =>
      scene(
        (r) => (match.test(`${r.method} ${r.url}`) ? 400 : undefined),
        async (account, host) => {
          assert.match(await play(account, host), sentence);
          await converge(account, host);
        },
      ),
    );
  }
});

test("a write that is never answered stays unknown, and nothing goes back", { timeout: 600_000 }, () =>
  scene(
    (r) => (/install\?/.test(r.url) && r.method === "POST" ? "reset" : undefined),
    async (account, host) => {
      assert.match(await play(account, host), /^failed: The account did not answer/);
      assert.equal((await standing(account)).path, "/v2");
      await converge(account, host);
    },
  ),
);

test("a tab that is killed after any request is taken up by the next", { timeout: 1200_000, concurrency: 2 }, async (t) => {
  const all = [];
  for (const n of requests.keys()) {
    if (n < 6) continue; // before Apply
    all.push(t.test(`after request ${n}`, () =>
      scene(
        () => undefined,
        async (account, host) => {
          const page = await open(chrome.context, host);
          const killed = new Promise((done) => {
            host.state.fault = (r) => {
              if (r.n === n + 1) done();
              return r.n > n ? "hang" : undefined;
            };
          });
          await page.frame.click("#apply");
          await Promise.race([killed, reach(page.frame, ["done"]).catch(() => {})]);
          await page.tab.close();
          await converge(account, host);
        },
      ),
    ));
  }
  await Promise.all(all);
});
