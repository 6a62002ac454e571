// A registry that reads, passed on to the one at argv[2], and never answers a
// write; without argv[2] it answers nothing at all. Prints its URL, then a
// line for each request that it leaves hanging.
import { createServer, request } from "node:http";

const [, , registry] = process.argv;
const server = createServer((from, to) => {
  if (!registry || from.method !== "GET") return console.log("hanging", from.method, from.url);
  request(registry + from.url, { headers: from.headers }, (answer) => {
    to.writeHead(answer.statusCode, answer.headers);
    answer.pipe(to);
  }).end();
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
