// What an account holds, against a release: as planned, there already, a
// mixture of the two, or something else. Nothing here asks the account.

import { digest } from "./json.js";

/** The short name of a job spec: the last part of its ARN. */
export const short = (arn) => arn.slice(arn.lastIndexOf(":") + 1);

const same = (a, b) => a.size === b.size && [...a].every((v) => b.has(v));
const without = (set, names) => new Set([...set].filter((name) => !names.has(name)));

/**
 * Compares. The result: {is: "ready" | "there" | "continue" | "changed",
 * after: names of the release's bundles that are there, differs: names of
 * things that are neither as planned nor as released}.
 */
export async function compare(release, have) {
  const planned = new Map(release.before.bundles.map((b) => [b.name, b]));
  const ours = new Set(release.bundles.map((b) => b.name));
  const before = new Set();
  const after = new Set();
  const differs = new Set();
  for (const b of release.bundles) {
    const found = have.bundles.filter((h) => h.name === b.name);
    const [is, was] = found.length > 1 ? [false, false] : await Promise.all([isNow(found[0], b), wasThen(found[0], planned.get(b.name))]);
    if (is) after.add(b.name);
    if (was) before.add(b.name);
    if (!is && !was) differs.add(b.name);
  }
  for (const name of await otherBundles(release, have, ours)) differs.add(name);
  const on = new Set(release.before.installed);
  const touched = new Set(release.touched);
  for (const name of difference(without(have.on, touched), without(on, touched))) differs.add(name);
  return { is: verdict(), after, differs: [...differs] };

  function verdict() {
    const all = (names) => release.bundles.every((b) => names.has(b.name));
    if (all(after) && lacking(release, have).length === 0) return "there";
    if (differs.size > 0) return "changed";
    return all(before) && same(have.on, on) ? "ready" : "continue";
  }
}

const difference = (a, b) => [...without(a, b), ...without(b, a)];

/** The ARNs of the job specs that are not yet as the release wants them. */
export function lacking(release, have) {
  return [...release.install.filter((arn) => !have.on.has(short(arn))), ...release.prune.filter((arn) => have.on.has(short(arn)))];
}

// otherBundles are the names of bundles that aren't the release's and have
// changed, come or gone. Two of them may have one name.
async function otherBundles(release, have, ours) {
  const now = have.bundles.filter((b) => !ours.has(b.name));
  const names = [];
  for (const then of release.before.bundles.filter((b) => !ours.has(b.name))) {
    const same = await Promise.all(now.map((b) => b.name === then.name && wasThen(b, then)));
    if (same.includes(true)) now.splice(same.indexOf(true), 1);
    else names.push(then.name);
  }
  return [...names, ...now.map((b) => b.name)];
}

const isNow = async (found, b) => found !== undefined && (await digest(found.body)) === b.digest;

// Values that may be secret are blanked in the former state: a digest over
// them could be guessed at.
async function wasThen(found, then) {
  if (found === undefined || then === undefined) return found === then;
  return (await digest(found.body, then.blanked)) === then.digest;
}
