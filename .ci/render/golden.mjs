// The golden pages: the Markdown files in the archives of internal/report.
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../internal/report/testdata/", import.meta.url);

// An archive is txtar: a comment, and files that each begin with a line
// "-- NAME --".
export const pages = readdirSync(folder).filter((file) => file.endsWith(".txtar")).flatMap((file) => {
  const parts = readFileSync(new URL(file, folder), "utf8").split(/^-- (.+) --\n/m);
  const list = [];
  for (let i = 1; i < parts.length; i += 2) {
    if (parts[i].endsWith(".md")) list.push({ name: `${file.replace(".txtar", "")}.${parts[i].replace(".md", "")}`, markdown: parts[i + 1] });
  }
  return list;
});
