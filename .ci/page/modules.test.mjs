// The modules of the page by themselves: how an answer is understood, lists
// are read to their end, what is held is compared.
//
// node --test --harmony-json-parse-with-source modules.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused, Unanswered, account } from "../../internal/app/page/account.js";
import { apply } from "../../internal/app/page/apply.js";
import { digest, lossless, onlyLess, read, uploaded, write } from "../../internal/app/page/json.js";
import { compare, lacking } from "../../internal/app/page/state.js";

const whole = (status, responseText) => ({ readyState: 4, status, responseText });
/** An account whose client answers in turn; asked has the requests. */
function scripted(...answers) {
  const asked = [];
  const client = { request: async (o) => (asked.push(o), await answers[Math.min(asked.length, answers.length) - 1](o)) };
  return { asked, account: account(client, "crm", { wait: 30, rest: async () => {} }) };
}
const give = (status, text) => async () => whole(status, text);
const reject = (status, text) => () => Promise.reject(whole(status, text));

test("numbers survive", () => {
  assert.ok(lossless());
  const text = '{"b":12345678901234567890123,"a":[1.0,-0,1E+2],"__proto__":{"x":1}}';
  assert.equal(write(read(text)), text);
});

test("what the registry adds makes no difference, and is not uploaded", async () => {
  const mine = read('{"name":"b","resources":{}}');
  const theirs = read('{"uuid":"u","integration":"crm","zendesk_account_id":1,"name":"b","description":"","resources":{}}');
  assert.equal(await digest(mine), await digest(theirs));
  assert.equal(write(uploaded(theirs)), '{"name":"b","description":"","resources":{}}');
});

for (const [name, answer, want] of [
  ["200 and empty", give(200, ""), "written"],
  ["a body that the host could not parse", reject(200, ""), "written"],
  ["a host that gives the body alone", async () => "", "written"],
  ["a host that gives nothing", async () => undefined, "written"],
  ["409, it is installed already", reject(409, ""), "written"],
  ["400", reject(400, '{"message":"one or more requested job specs is invalid"}'), Refused],
  ["401", reject(401, "Authentication failed"), Refused],
  ["0", reject(0, ""), Unanswered],
  ["500", reject(500, ""), Unanswered],
  ["408", reject(408, ""), Unanswered],
  ["302", reject(302, ""), Unanswered],
  ["a web page", give(200, "<html>"), Unanswered],
  ["an error of the framework", () => Promise.reject(new Error("x")), Unanswered],
  ["no answer at all", () => new Promise(() => {}), Unanswered],
]) {
  test(`install: ${name}`, async () => {
    const { account, asked } = scripted(answer);
    if (want === "written") await account.install("zis:crm:job_spec:a");
    else await assert.rejects(account.install("zis:crm:job_spec:a"), want);
    assert.equal(asked.length, 1, "a write is not repeated");
    assert.equal(asked[0].dataType, "text");
    assert.equal(asked[0].url, "/api/services/zis/registry/job_specs/install?job_spec_name=zis%3Acrm%3Ajob_spec%3Aa");
  });
}

test("a write that is refused for now is made again", async () => {
  const { account, asked } = scripted(reject(429, ""), give(200, ""));
  await account.upload("{}");
  assert.equal(asked.length, 2);
  assert.equal(asked[1].data, "{}");
  assert.equal(asked[1].contentType, "application/json");
});

test("words of a refusal are one line", async () => {
  const { account } = scripted(reject(400, '{"errors":[{"detail":"a\\nb\\u202e"}],"message":"no"}'));
  await assert.rejects(account.upload("{}"), { message: "no: a b", status: 400 });
});

test("lists are read to their end, and one without end is none", async () => {
  const page = (specs, meta) => give(200, JSON.stringify({ job_specs: specs, meta }));
  const bundles = give(200, '{"bundles":[]}');
  let n = 0;
  const { account } = scripted((o) => (o.url.includes("/bundles") ? bundles() : [page([{ name: "a", installed: true }], { has_more: true, after: 5 }), page([{ name: "b", installed: true }], { has_more: false })][n++]()));
  assert.deepEqual([...(await account.holds()).on], ["a", "b"]);
  const endless = scripted((o) => (o.url.includes("/bundles") ? bundles() : page([], { has_more: true, after: "x" })()));
  await assert.rejects(endless.account.holds(), Unanswered);
});

const bundleOf = (name, n) => read(`{"name":"${name}","resources":{"n":${n}}}`);
async function releaseOf({ prune = [] } = {}) {
  return {
    integration: "crm",
    bundles: [{ name: "main", digest: await digest(bundleOf("main", 2)), install: ["zis:crm:job_spec:a"] }],
    before: { bundles: [{ name: "main", digest: await digest(bundleOf("main", 1)), blanked: [] }, { name: "other", digest: await digest(bundleOf("other", 1)), blanked: [] }], installed: ["a", "old", "x"] },
    install: ["zis:crm:job_spec:a"], prune, touched: ["a", "old"],
  };
}
const have = (main, other, ...on) => ({
  bundles: [...(main ? [{ name: "main", uuid: "1", body: bundleOf("main", main) }] : []), ...(other ? [{ name: "other", uuid: "2", body: bundleOf("other", other) }] : [])],
  on: new Set(on),
});

for (const [what, holds, is] of [
  ["as planned", have(1, 1, "a", "old", "x"), "ready"],
  ["uploaded, nothing installed", have(2, 1, "x"), "continue"],
  ["uploaded, one is off", have(2, 1, "old", "x"), "continue"],
  ["not uploaded, one is off", have(1, 1, "old", "x"), "continue"],
  ["there", have(2, 1, "a", "x"), "there"],
  ["there, though another bundle has changed since", have(2, 9, "a", "x"), "there"],
  ["somebody else's upload", have(9, 1, "a", "old", "x"), "changed"],
  ["another bundle has changed", have(1, 9, "a", "old", "x"), "changed"],
  ["another bundle is gone", have(1, 0, "a", "old", "x"), "changed"],
  ["a job spec of another bundle is off", have(1, 1, "a", "old"), "changed"],
  ["a job spec that nobody planned is on", have(1, 1, "a", "old", "x", "y"), "changed"],
  ["ours is gone", have(0, 1, "a", "old", "x"), "changed"],
  ["two of our name", { bundles: [...have(1, 1).bundles, ...have(1, 0).bundles], on: new Set(["a", "old", "x"]) }, "changed"],
]) {
  test(`compared: ${what}`, async () => assert.equal((await compare(await releaseOf({ prune: ["zis:crm:job_spec:old"] }), holds)).is, is));
}

test("compared: two others have one name", async () => {
  const release = await releaseOf();
  release.before.bundles.push({ name: "other", digest: await digest(bundleOf("other", 5)), blanked: [] });
  const holds = have(1, 1, "a", "old", "x");
  holds.bundles.unshift({ name: "other", uuid: "3", body: bundleOf("other", 5) });
  assert.equal((await compare(release, holds)).is, "ready");
  holds.bundles[0].body = bundleOf("other", 6);
  assert.deepEqual((await compare(release, holds)).differs, ["other"]);
});

test("what is lacking", async () => {
  const release = await releaseOf({ prune: ["zis:crm:job_spec:old"] });
  assert.deepEqual(lacking(release, have(2, 1, "old")), ["zis:crm:job_spec:a", "zis:crm:job_spec:old"]);
});

test("what the account may have made of what was sent", () => {
  const sent = read('{"a":"one two","n":12345678901234567890,"list":[1,{"b":true}],"c":{}}');
  for (const [shown, may] of [
    ['{"a":"one two","n":12345678901234567890,"list":[1,{"b":true}],"c":{}}', true],
    ['{"a":"one","list":[1],"c":null,"added":1}', true],
    ['{"a":"","n":12345678901234567890}', true],
    ['{"a":"o*****"}', true],
    ['{"a":"three"}', false],
    ['{"n":12345678901234567891}', false],
    ['{"list":[1,{"b":false}]}', false],
    ['{"list":{}}', false],
    ['{"c":[]}', false],
  ]) {
    assert.equal(onlyLess(read(shown), sent), may, shown);
  }
});

/**
 * An account of bundles in memory, each request of which takes some
 * milliseconds, half of them before it has its effect.
 */
function remote(bodies, on = [], { ms = () => 4, fault = () => undefined } = {}) {
  const holds = { bodies: new Map(Object.entries(bodies)), on: new Set(on) };
  const pause = (t) => new Promise((done) => setTimeout(done, t));
  const request = async ({ type, url, data }) => {
    await pause(ms() / 2);
    const wrong = fault({ type, url, holds });
    const text = wrong === undefined ? answer(type, new URL(url, "http://x"), data) : "";
    await pause(ms() / 2);
    if (wrong !== undefined) throw whole(wrong, "");
    return whole(200, text);
  };
  const answer = (type, { pathname, searchParams }, data) => {
    const spec = searchParams.get("job_spec_name")?.split(":").at(-1);
    if (spec) return (type === "POST" ? holds.on.add(spec) : holds.on.delete(spec)), "";
    if (type === "POST") return holds.bodies.set(read(data).name, data), "";
    if (pathname.endsWith("/bundles")) return JSON.stringify({ bundles: [...holds.bodies.keys()].map((name) => ({ name, uuid: name })) });
    if (pathname.endsWith("/job_specs")) return JSON.stringify({ job_specs: [...holds.on].map((name) => ({ name, installed: true })) });
    return holds.bodies.get(pathname.split("/").at(-1)) ?? "{}";
  };
  return { holds, account: account({ request }, "crm", { rest: (t) => pause(Math.min(t, 60)) }) };
}

const text = (name, n) => `{"name":"${name}","resources":{"n":${n}}}`;

/** A release of bundles that each go from 1 to n, with a job spec each if on. */
async function releasing(n, names, on = true) {
  const of = (name) => (on ? [`zis:crm:job_spec:${name}`] : []);
  return {
    integration: "crm",
    bundles: await Promise.all(names.map(async (name) => ({ name, body: text(name, n), digest: await digest(read(text(name, n))), install: of(name) }))),
    before: { bundles: await Promise.all(names.map(async (name) => ({ name, digest: await digest(read(text(name, 1))), blanked: [] }))), installed: [] },
    install: names.flatMap(of), prune: [], touched: names,
  };
}

const applied = async (release, account) => {
  const have = await account.holds();
  const { is } = await compare(release, have);
  if (is === "changed") return { state: is }; // the page offers nothing then
  return apply(release, account, { have, is }, () => {}, (t) => new Promise((done) => setTimeout(done, Math.min(t, 60))));
};

// virtually runs act on a clock that goes on when nothing else does.
async function virtually(t, act) {
  let digesting = 0;
  const real = crypto.subtle.digest.bind(crypto.subtle);
  t.mock.method(crypto.subtle, "digest", (...args) => (digesting++, real(...args).finally(() => digesting--)));
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const idle = async () => {
    for (let quiet = 0; quiet < 3; quiet = digesting > 0 ? 0 : quiet + 1) await new Promise(setImmediate);
  };
  let over = false;
  const going = act().finally(() => (over = true));
  while (!over) {
    await idle();
    t.mock.timers.tick(1);
  }
  return going;
}

test("two that apply at once: whoever is overwritten unseen is not told done", (t) => virtually(t, async () => {
  const ends = {};
  const once = async (order, on) => {
    const { holds, account } = remote({ main: text("main", 1) }, [], { ms: () => Math.round(40 * (0.75 + Math.random() / 2)) });
    const releases = await Promise.all([2, 3].map((n) => releasing(n, ["main"], on)));
    const late = new Promise((done) => setTimeout(done, order));
    const results = await Promise.all([applied(releases[0], account), late.then(() => applied(releases[1], account))]);
    const done = results.map((r, i) => r.state === "done" && (holds.bodies.get("main") === text("main", i + 2) ? "done" : "overwritten"));
    assert.ok(!done.includes("overwritten"), `begun ${order} ms apart, ${on ? "with" : "without"} a job spec: ${JSON.stringify(results)}`);
    ends[done] = (ends[done] ?? 0) + 1;
  };
  for (const on of [true, false]) {
    await Promise.all(Array.from({ length: 60 }, (_, i) => once(i * 4, on)));
  }
  assert.ok(Object.keys(ends).length > 1, JSON.stringify(ends));
}));

const hand = (name) => text(name, 9);
for (const [what, request, answer, want] of [
  ["while an upload is repeated", /POST .*bundles$/, 429, { state: "changed", why: "changed", names: ["main"] }],
  ["while an upload without an answer is settled", /POST .*bundles$/, 503, { state: "failed", why: "replaced", names: ["main"] }],
  ["and an install is refused", /POST .*install.*main$/, 400, { state: "failed", why: "theirs", names: ["main"] }],
]) {
  test(`somebody uploads ${what}: it stays`, async () => {
    let met = false;
    const { holds, account } = remote({ main: text("main", 1) }, [], {
      fault: ({ type, url, holds }) => {
        if (met || !request.test(`${type} ${url}`)) return undefined;
        met = true;
        holds.bodies.set("main", hand("main"));
        return answer;
      },
    });
    const { state, why, names } = await applied(await releasing(2, ["main"]), account);
    assert.deepEqual({ state, why, ...(want.names && { names }) }, want);
    assert.equal(holds.bodies.get("main"), hand("main"));
  });
}

test("somebody uploads the second bundle while the first is slow: it stays, and the first goes back", async () => {
  const { holds, account } = remote({ main: text("main", 1), more: text("more", 1) }, [], { ms: () => slow });
  let slow = 4;
  const release = await releasing(2, ["main", "more"]);
  const going = applied(release, {
    ...account,
    upload: async (body, may) => {
      await account.upload(body, may);
      if (read(body).name !== "main" || holds.bodies.get("more") === hand("more")) return;
      holds.bodies.set("more", hand("more"));
      await new Promise((done) => setTimeout(done, 1100));
    },
  });
  const { state, why, names } = await going;
  assert.deepEqual({ state, why, names }, { state: "failed", why: "overtaken", names: ["more"] });
  assert.equal(holds.bodies.get("more"), hand("more"));
  assert.equal(holds.bodies.get("main"), text("main", 1));
});

test("somebody uploads while the way back waits: it stays", async () => {
  let uploads = 0;
  const { holds, account } = remote({ main: text("main", 1) }, [], {
    fault: ({ type, url, holds }) => {
      if (/install/.test(url) && type === "POST") return 400;
      if (type !== "POST" || ++uploads !== 2) return undefined;
      holds.bodies.set("main", hand("main"));
      return 429;
    },
  });
  const { state, why, names, said } = await applied(await releasing(2, ["main"]), account);
  assert.deepEqual({ state, why, names, said }, { state: "failed", why: "partly", names: ["main"], said: "400" });
  assert.equal(holds.bodies.get("main"), hand("main"));
});
