// As much of GitHub as a pipeline needs: pull request 7, which was merged as
// the head of main, and its comments.
//
// node hub.mjs HEAD: prints its address, and answers until it is killed
import { createServer } from "node:http";

export async function hub(head = "merged") {
  const comments = [];
  const server = createServer(async (req, res) => {
    let text = "";
    for await (const chunk of req) text += chunk;
    const { pathname } = new URL(req.url, "http://x");
    const body = text ? JSON.parse(text).body : undefined;
    const give = (status, v) => res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(v));
    if (pathname === "/comments") return give(200, comments);
    if (req.headers.authorization !== "Bearer token-of-the-workflow") return give(401, { message: "Bad credentials" });
    if (/\/commits\/[^/]+\/pulls$/.test(pathname)) return give(200, [{ number: 7, merged_at: "2026-01-01T00:00:00Z", merge_commit_sha: head }]);
    if (/\/branches\/main$/.test(pathname)) return give(200, { commit: { sha: head } });
    if (/\/commits\/heads\/main$/.test(pathname) || /\/commits\/heads%2Fmain$/.test(pathname)) return give(200, { sha: head });
    if (/\/issues\/7\/comments$/.test(pathname)) {
      if (req.method === "GET") return give(200, comments);
      comments.push({ id: 41 + comments.length, node_id: "IC", html_url: "https://github.example/c/41", body, user: { login: "github-actions[bot]", type: "Bot" } });
      return give(201, comments.at(-1));
    }
    const one = /\/issues\/comments\/(\d+)$/.exec(pathname);
    if (one && req.method === "PATCH") {
      const c = comments.find((c) => c.id === Number(one[1]));
      c.body = body;
      return give(200, c);
    }
    give(403, { message: "Resource not accessible by integration" });
  });
  await new Promise((up) => server.listen(0, "127.0.0.1", up));
  return { url: `http://127.0.0.1:${server.address().port}`, comments, close: () => server.close() };
}

if (process.argv[1] === new URL(import.meta.url).pathname) console.log((await hub(process.argv[2])).url);
