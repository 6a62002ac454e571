// An administrator at the account of an emulator: opens the app of an
// integration as it is installed there, on a session, and applies the release.
//
// node apply.mjs ACCOUNT INTEGRATION SUBDOMAIN SESSION
import { hostServer } from "./host.mjs";

const get = async (url, session) => {
  const res = await fetch(url, { headers: { cookie: `_zendesk_session=${session}` } });
  if (!res.ok) throw new Error(`${url}: ${res.status} ${await res.text()}`);
  return res.json();
};

/** The agent's window around the installed app, told only what the account tells. */
export async function installed(account, integration, subdomain, session) {
  const { user } = await get(`${account}/api/v2/users/me.json`, session).catch(() => ({ user: { role: "agent" } }));
  const about = {
    csrf: user.authenticity_token,
    context: { instanceGuid: "i", product: "support", location: "nav_bar", account: { subdomain } },
    get: { currentUser: user, colorScheme: "light" },
  };
  return async (knows = session) => { // the window itself knows of apps, whoever looks
    const { installations } = await get(`${account}/api/support/apps/installations.json`, knows);
    const found = installations.find((i) => i.settings.name === `zis-deploy ${integration}`);
    const app = await get(`${account}/api/v2/apps/${found.app_id}.json`, knows);
    const page = new URL(app.asset_url_prefix + "index.html");
    about.page = page.pathname;
    about.metadata = { appId: app.id, installationId: found.id, name: found.settings.name, version: app.version, settings: found.settings };
    return hostServer({ account, app: { url: account }, about, session });
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { browser, open } = await import("./lab.mjs");
  const [account, integration, subdomain, session] = process.argv.slice(2);
  const host = await (await installed(account, integration, subdomain, session))();
  const chrome = await browser();
  const page = await open(chrome.context, host);
  const state = page.state === "ready" || page.state === "continue" ? await page.apply() : page.state;
  console.log(`${state}: ${await page.frame.textContent("#sentence")} ${await page.frame.textContent("#said")}`);
  await chrome.close();
  host.close();
  process.exit(state === "done" ? 0 : 1);
}
