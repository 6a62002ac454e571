// A Zendesk of our own for the tests: the agent's window at http://localhost,
// which speaks the app framework's protocol with the frame and forwards its
// requests, on the agent's session, to the emulator; and the app's files at
// http://127.0.0.1, so that the two are two sites.
import { createServer, request as forward } from "node:http";
import { readFileSync } from "node:fs";

const frameworkFile = (name) => readFileSync(new URL(`node_modules/zendesk_app_framework_sdk/lib/${name}`, import.meta.url), "utf8");

/** The framework's script for frames: npm has its modules, not the built file. */
export const sdk = `(() => {
  const modules = { ${["index", "client", "utils"].map((name) => `"./${name}": (module, exports, require) => {${frameworkFile(`${name}.js`)}\n}`).join(",\n")} };
  const loaded = {};
  const require = (name) => {
    if (!loaded[name]) modules[name]((loaded[name] = { exports: {} }), loaded[name].exports, require);
    return loaded[name].exports;
  };
  window.ZAFClient = require("./index");
})()`;

const listen = (server, host) => new Promise((up) => server.listen(0, host, () => up(server.address().port)));

const types = { html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml", json: "application/json" };

/** Serves the files of a package. patch changes a script on its way, as a function of name and text. */
export async function appServer(files, patch = (name, text) => text) {
  const served = { files };
  const server = createServer((req, res) => {
    const name = new URL(req.url, "http://x").pathname.slice(1);
    if (!(name in served.files)) return res.writeHead(404).end();
    res.writeHead(200, { "content-type": types[name.split(".").pop()] ?? "text/plain", "cache-control": "no-store", "access-control-allow-origin": "*" });
    res.end(patch(name, served.files[name]));
  });
  const port = await listen(server, "127.0.0.1");
  return { url: `http://127.0.0.1:${port}`, served, close: () => server.closeAllConnections() ?? server.close() };
}

const csrf = "token-of-the-session";

/**
 * The agent's window. account is the URL of the emulator; about what the
 * framework tells the frame. fault(request) may give the name of a fault for
 * it: reset, lost (it arrives, its answer doesn't), hang, silent (it arrives,
 * and hangs), html, cut, or a status.
 */
export async function hostServer({ account, app, about, authorization, session }) {
  const state = { fault: () => undefined, log: [], about, delay: 0, account };
  const server = createServer((req, res) => {
    const path = new URL(req.url, "http://x").pathname;
    if (path === "/agent") return res.writeHead(200, { "content-type": "text/html", "set-cookie": "session=1; HttpOnly" }).end(window_(app.url, state.about));
    if (path.startsWith("/api/")) return api(req, res);
    res.writeHead(404).end();
  });

  async function api(req, res) {
    let body = "";
    for await (const chunk of req) body += chunk;
    if (!/session=1/.test(req.headers.cookie ?? "")) return res.writeHead(401).end("Authentication failed");
    if (!session && req.method !== "GET" && req.headers["x-csrf-token"] !== csrf) return res.writeHead(403).end("invalid authenticity token");
    const entry = { n: state.log.length, method: req.method, url: req.url, at: Date.now() };
    state.log.push(entry);
    await state.gate?.(entry); // holds a request up for as long as a test wants
    const fault = state.fault(entry);
    entry.fault = fault;
    if (state.delay) await new Promise((done) => setTimeout(done, state.delay));
    if (fault === "hang") return;
    if (fault === "reset") return res.destroy();
    if (typeof fault === "number") return res.writeHead(fault, { "content-type": "text/plain" }).end(`refused with ${fault}`);
    if (fault === "html") return res.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Maintenance</title>");
    const answer = await pass(req, body);
    entry.ended = Date.now();
    if (fault === "lost") return res.destroy();
    if (fault === "silent") return;
    if (fault === "html-after") return res.writeHead(200, { "content-type": "text/html" }).end("<html>later</html>");
    const text = fault === "cut" ? answer.text.slice(0, answer.text.length / 2) : answer.text;
    res.writeHead(answer.status, { "content-type": answer.type ?? "text/plain" }).end(text);
  }

  function pass(req, body) {
    if (state.app && req.url.startsWith("/api/v2/apps/")) return state.app(req);
    return new Promise((done, failed) => {
      // On a session of the account's own, it is the account that asks for the token.
      const as = session ? { cookie: `_zendesk_session=${session}`, "x-csrf-token": req.headers["x-csrf-token"] ?? "" } : { authorization };
      const out = forward(state.account + req.url, { method: req.method, headers: { ...as, "content-type": "application/json" } }, async (res) => {
        let text = "";
        for await (const chunk of res) text += chunk;
        done({ status: res.statusCode, type: res.headers["content-type"], text });
      });
      out.on("error", failed);
      out.end(body);
    });
  }

  const port = await listen(server, "localhost");
  return { url: `http://localhost:${port}`, state, close: () => server.closeAllConnections() ?? server.close() };
}

// The window. request:n is jQuery's ajax: a body is parsed unless text is
// asked for; the whole response is given only where that is asked for.
const window_ = (app, about) => `<!doctype html><title>Zendesk</title><style>html,body{margin:0;height:100%}iframe{border:0;width:100%;height:100%;display:block}</style>
<script>
const about = ${JSON.stringify(about)};
const guid = "app-" + Math.random().toString(36).slice(2);
const query = new URLSearchParams({ origin: location.origin, app_guid: guid, colorScheme: about.colorScheme ?? "light" });
const frame = document.createElement("iframe");
frame.src = ${JSON.stringify(app)} + (about.page ?? "/assets/index.html") + "?" + query;
if (about.sandbox) frame.sandbox = about.sandbox;
const send = (m) => frame.contentWindow.postMessage(JSON.stringify(m), about.sandbox ? "*" : new URL(frame.src).origin);
window.asked = []; // requests as the window sees them
window.zaf = (name, message) => send({ key: "zaf." + name, message });
addEventListener("message", async (e) => {
  if (e.source !== frame.contentWindow) return;
  const m = JSON.parse(e.data);
  if (m.key === "iframe.handshake") return send({ key: "zaf.app.registered", message: { metadata: about.metadata, context: about.context } });
  if (m.request === "get") return send({ id: m.id, result: Object.fromEntries([...m.params.map((p) => [p, about.get[p]]), ["errors", {}]]) });
  if (m.request) return send({ id: m.id, result: { errors: {} } });
  if (/^request:\\d+$/.test(m.key)) ajax(m.key, m.message);
});
async function ajax(key, o) {
  const asked = window.asked;
  const answer = (how, r) => (entry.ended = performance.timeOrigin + performance.now()) && send({ key: "zaf." + key + "." + how, message: { responseArgs: [r] } });
  const entry = { at: performance.timeOrigin + performance.now() };
  asked.push(entry);
  try {
    const type = o.type ?? "GET";
    const headers = type === "GET" ? {} : { "x-csrf-token": about.csrf ?? ${JSON.stringify(csrf)} };
    if (o.data !== undefined) headers["content-type"] = o.contentType ?? "application/x-www-form-urlencoded";
    const res = await fetch(o.url, { method: type, headers, body: o.data });
    const text = await res.text();
    const whole = { readyState: 4, status: res.status, statusText: res.statusText, responseText: text };
    if (!res.ok) return answer("fail", whole);
    let body = text;
    if (o.dataType !== "text" && /json/.test(o.dataType ?? res.headers.get("content-type") ?? "")) {
      try { body = whole.responseJSON = JSON.parse(text); } catch { return answer("fail", { ...whole, statusText: "parsererror" }); }
    }
    answer("done", o.httpCompleteResponse ? whole : body);
  } catch {
    answer("fail", { readyState: 0, status: 0, statusText: "error", responseText: "" });
  }
}
document.addEventListener("DOMContentLoaded", () => document.body.append(frame));
</script><body>`;
