// Markdown as GitHub makes a page of it: GitHub Flavored Markdown with raw
// HTML, cleaned by GitHub's list of allowed elements.
import rehypeRaw from "rehype-raw";
import rehypeSanitize from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

const processor = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize)
  .use(rehypeStringify);

export const html = (markdown) => String(processor.processSync(markdown));

// The pictures of a page, as their text.
export function pictures(document) {
  return [...document.querySelectorAll("code.language-mermaid")].map((code) => code.textContent);
}
