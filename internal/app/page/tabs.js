// Of the tabs of one browser one works. Locks do it; where a browser gives a
// frame of another site no storage, they throw, and tabs ask each other.

const answerTime = 300; // ms; tabs of one browser answer in a few
const watchTime = 5000;

/**
 * A turn that one tab has at a time. take gives a function that ends it, or
 * null if another tab has it; freed calls back when that tab's has ended.
 */
export async function turns(name) {
  try {
    await navigator.locks.query();
    return byLocks(name);
  } catch {
    return typeof BroadcastChannel === "function" ? byTalk(name) : { take: async () => () => {}, freed: () => {} };
  }
}

function byLocks(name) {
  const take = () =>
    new Promise((taken, failed) => {
      navigator.locks
        .request(name, { ifAvailable: true }, (lock) => (lock === null ? taken(null) : new Promise((end) => taken(end))))
        .catch(failed);
    });
  const freed = (then) => navigator.locks.request(name, () => {}).then(then, () => {});
  return { take, freed };
}

// Tabs that ask at the same time compare their names: the smaller one goes on.
function byTalk(name) {
  const channel = new BroadcastChannel(name);
  const me = crypto.randomUUID();
  let state = "idle"; // asking, refused, working
  let waiting = [];
  channel.onmessage = ({ data: { ask, busy, free } }) => {
    if (ask !== undefined && (state === "working" || (state === "asking" && me < ask))) channel.postMessage({ busy: ask });
    if (ask !== undefined && state === "asking" && ask < me) state = "refused";
    if (busy === me && state === "asking") state = "refused";
    if (free) release();
  };
  const release = () => waiting.splice(0).forEach((then) => then());
  async function take() {
    state = "asking";
    channel.postMessage({ ask: me });
    await new Promise((done) => setTimeout(done, answerTime));
    if (state === "refused") {
      state = "idle";
      return null;
    }
    state = "working";
    return () => {
      state = "idle";
      channel.postMessage({ free: true });
    };
  }
  // A tab that was closed says nothing any more, so it is asked for now and then.
  async function freed(then) {
    waiting.push(then);
    while (waiting.includes(then)) {
      await new Promise((done) => setTimeout(done, watchTime));
      const end = waiting.includes(then) && (await take());
      if (end) {
        end();
        release();
      }
    }
  }
  return { take, freed };
}
