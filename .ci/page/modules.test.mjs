// The modules of the page by themselves: how an answer is understood, lists
// are read to their end, what is held is compared.
//
// node --test --harmony-json-parse-with-source modules.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused, Unanswered, account } from "../../internal/app/page/account.js";
import { digest, lossless, read, uploaded, write } from "../../internal/app/page/json.js";
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
