// Carries a release out, as the program's own deploy does: read once more,
// upload, install side by side, read back, prune. A write without an answer is
// settled by reading; only a write that was refused leads back. The registry
// has no conditional writes: a bundle is looked at right before its upload, so
// that nothing of somebody else's is uploaded over unseen.

import { Refused, Unanswered, sleep } from "./account.js";
import { digest, onlyLess, read, uploaded, write } from "./json.js";
import { compare, lacking, short } from "./state.js";

const attempts = 3; // of a write that got no answer and surely had no effect
const together = 6; // requests at a time
const readings = [500, 1000, 2000]; // pauses between readings that don't show what was written yet
const fresh = 500; // ms: how old a look at a bundle may be when it is uploaded
const mostBlind = 10_000; // ms: of the pause before reading back

/** Somebody else has changed the bundle that was about to be uploaded. */
class Overtaken extends Error {}

/**
 * Applies. seen is what the admin was shown ({have, is}); tell is called with
 * {step, name, state} and {former}. The result is {state, why, ...}: state as
 * on body[data-state], why the name of a sentence.
 */
export async function apply(release, account, seen, tell, rest = sleep) {
  const uuids = (have) => have.bundles.map((b) => b.uuid).filter(Boolean);
  let known = uuids(seen.have);
  const written = []; // bundles whose upload may have taken effect
  const switched = new Set(); // ARNs that were installed
  let former;
  let looked; // when the bundles had been read last
  let blind = 0; // ms from the last look before an upload to its end, the longest
  let ended = 0; // when the last upload had ended
  let unsure = false; // a write got no answer and was made again: it may still land

  const look = async () => {
    const have = await account.holds(known);
    looked = have.looked;
    known = uuids(have);
    return have;
  };

  // step tells how something goes, and settles it if its answer tells nothing.
  async function step(kind, name, act, took) {
    tell({ step: kind, name, state: "running" });
    try {
      await settle(act, took);
      tell({ step: kind, name, state: "done" });
    } catch (e) {
      tell({ step: kind, name, state: e instanceof Refused || e instanceof Overtaken ? "failed" : "unknown" });
      throw e;
    }
  }

  async function settle(act, took) {
    for (let i = 1; ; i++) {
      try {
        return await act();
      } catch (e) {
        if (!(e instanceof Unanswered)) throw e;
        if (i < attempts) await rest(1000 * i);
        if (await took(await look())) return;
        if (i === attempts) throw e;
        unsure = true;
      }
    }
  }

  // An upload took effect if the bundle is no longer what it was.
  const stored = (name, was) => async (have) => {
    const now = have.bundles.find((b) => b.name === name);
    return now !== undefined && (was === undefined || (await digest(now.body)) !== (await digest(was.body)));
  };
  const install = (arn) => step("install", arn, () => account.install(arn), async (have) => have.on.has(short(arn)));
  const uninstall = (arn) => step("uninstall", arn, () => account.uninstall(arn), async (have) => !have.on.has(short(arn)));

  async function upload(b, was) {
    const untouched = async () => {
      if (await stored(b.name, was)(await look())) throw new Overtaken(b.name);
    };
    if (Date.now() - looked > fresh) await untouched();
    written.push(b.name);
    try {
      await step("upload", b.name, () => account.upload(b.body, untouched), stored(b.name, was));
    } catch (e) {
      if (e instanceof Overtaken && !unsure) written.pop();
      throw e;
    }
    ended = Date.now();
    blind = Math.max(blind, ended - looked);
  }

  // letOthersLand waits a little longer than this run itself was blind: another
  // one that looked too early to see our upload has uploaded by then, and what
  // is read back shows that.
  async function letOthersLand() {
    const left = Math.min(blind * 1.25, mostBlind) - (Date.now() - ended);
    if (left > 0) await rest(left);
  }

  async function forward(there) {
    for (const b of release.bundles) {
      const gone = !there.has(b.name);
      if (gone) await upload(b, former.bundles.find((f) => f.name === b.name));
      const wanted = b.install.filter((arn) => gone || !former.on.has(short(arn)));
      await all(wanted, async (arn) => {
        switched.add(arn);
        await install(arn);
      });
    }
  }

  // verify reads back until it shows what is wanted: nothing documents that a
  // write can be read at once.
  async function verify(name, missing) {
    tell({ step: "verify", name, state: "running" });
    for (let i = 0; ; i++) {
      const have = await look();
      const lacks = await missing(have);
      if (lacks.length === 0 || i === readings.length) {
        tell({ step: "verify", name, state: lacks.length === 0 ? "done" : "failed" });
        return { have, lacks };
      }
      await rest(readings[i]);
    }
  }

  const wanted = async (have) => {
    const { after } = await compare(release, have);
    return [
      ...release.bundles.filter((b) => !after.has(b.name)).map((b) => b.name),
      ...release.install.filter((arn) => !have.on.has(short(arn))),
    ];
  };

  async function run() {
    tell({ step: "read", name: "", state: "running" });
    former = await look();
    const now = await compare(release, former);
    tell({ step: "read", name: "", state: "done" });
    tell({ former });
    if (now.is === "there") return { state: "done", why: "there" };
    if (now.is !== seen.is) return { state: now.is === "changed" ? "changed" : now.is, why: now.is, names: now.differs };
    await forward(now.after);
    await letOthersLand();
    const { have, lacks } = await verify("", wanted);
    const { differs, replaced } = await otherForm(lacks, have);
    if (replaced.length > 0) return { state: "failed", why: "replaced", names: replaced };
    if (lacks.length > differs.length) return { state: "failed", why: "lacks", names: lacks };
    await all(release.prune.filter((arn) => have.on.has(short(arn))), uninstall);
    const pruned = release.prune.length === 0 ? { lacks: [] } : await verify("pruned", async (h) => lacking(release, h));
    if (pruned.lacks.length > 0) return { state: "failed", why: "lacks", names: pruned.lacks };
    return { state: "done", why: differs.length > 0 ? "differs" : "done", names: differs };
  }

  // otherForm sorts the bundles that come back neither as they were sent nor as
  // they had been: of what the account may have made of ours a comparison by
  // meaning has to decide, all else is somebody else's.
  async function otherForm(names, have) {
    const sorted = { differs: [], replaced: [] };
    for (const name of names.filter((n) => written.includes(n))) {
      if (!(await stored(name, former.bundles.find((b) => b.name === name))(have))) continue;
      sorted[ours(name, have) ? "differs" : "replaced"].push(name);
    }
    return sorted;
  }

  const ours = (name, have) => {
    const shown = have.bundles.find((b) => b.name === name).body;
    return onlyLess(uploaded(shown), read(release.bundles.find((b) => b.name === name).body));
  };

  try {
    return await run();
  } catch (e) {
    if (former === undefined) return { state: "failed", why: e.status === 401 ? "session" : "unread", said: e.message };
    if (e instanceof Overtaken && written.length + switched.size === 0) return { state: "changed", why: "changed", names: [e.message] };
    if (e instanceof Overtaken && !unsure) return await back({ message: "" }, { why: "overtaken", names: [e.message] });
    if (!(e instanceof Refused)) return { state: "failed", why: written.length + switched.size > 0 ? "unknown" : "unread", said: e.message };
    if (e.status === 401) return { state: "failed", why: written.length > 1 || switched.size > 0 ? "interrupted" : "session", said: e.message };
    if (e.status === 403 && switched.size === 0 && written.length < 2) return { state: "nobody", why: "nobody", said: e.message };
    return await back(e);
  }

  // back brings the former bundles and installed job specs back, last upload
  // first. A bundle can't be deleted: of a new one the job specs go off.
  async function back(cause, restored = { why: "restored" }) {
    const result = { state: "failed", said: cause.message };
    try {
      const now = await look();
      const gone = [];
      const theirs = [];
      for (const name of [...written].reverse()) {
        const was = former.bundles.find((b) => b.name === name);
        if (!(await stored(name, was)(now))) continue;
        if (!ours(name, now)) theirs.push(name);
        else if (was !== undefined) gone.push(was);
      }
      if (theirs.length > 0) return { ...result, why: "theirs", names: theirs };
      if (gone.length === 0 && switched.size === 0 && alike(now.on, former.on)) return { ...result, why: "refused" };
      for (const was of gone) {
        const untouched = async () => {
          const have = await look();
          if ((await stored(was.name, was)(have)) && !ours(was.name, have)) throw new Overtaken(was.name);
        };
        if (Date.now() - looked > fresh) await untouched();
        await step("back", was.name, () => account.upload(write(uploaded(was.body)), untouched), async (have) => !(await stored(was.name, was)(have)));
      }
      const arn = (name) => `zis:${release.integration}:job_spec:${name}`;
      const lost = gone.length > 0 ? [...former.on].filter((name) => owns(gone, name)) : [...former.on].filter((name) => !now.on.has(name));
      await all(lost.map(arn), install);
      // What was never installed may be refused here: reading back decides.
      await all([...switched].filter((spec) => !former.on.has(short(spec))), uninstall).catch(() => {});
      const { lacks } = await verify("back", async (have) => [
        ...(await Promise.all(gone.map(async (was) => ((await stored(was.name, was)(have)) ? was.name : "")))).filter(Boolean),
        ...[...former.on].filter((name) => !have.on.has(name)),
        ...[...have.on].filter((name) => !former.on.has(name)),
      ]);
      return lacks.length === 0 ? { ...result, ...restored } : { ...result, why: "partly", names: lacks };
    } catch (e) {
      if (e instanceof Overtaken) return { ...result, why: "partly", names: [e.message] };
      return { ...result, why: "partly", names: [], said: [cause.message, e.message].filter(Boolean).join("; ") };
    }
  }
}

const alike = (a, b) => a.size === b.size && [...a].every((v) => b.has(v));

// owns: a job spec of that name stands in one of the bundles.
const owns = (bundles, name) =>
  bundles.some((b) => Object.values(b.body.resources ?? {}).some((r) => r?.type === "ZIS::JobSpec" && r.properties?.name === name));

// all does something with each, some at a time. One that fails doesn't keep
// the others from being tried; the first failure is thrown when all have ended.
async function all(list, act) {
  const queue = [...list];
  const failures = [];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await act(item).catch((e) => failures.push(e));
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  const refused = failures.find((e) => e instanceof Refused);
  if (failures.length > 0) throw failures.every((e) => e instanceof Refused) ? refused : failures.find((e) => !(e instanceof Refused));
}
