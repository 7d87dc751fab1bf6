import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A code block of a document that stands for a piece of a file: `<!-- code: path#region -->` before its fence. */
const block =
  /<!-- code: (?<path>[^\s#]+)(?:#(?<region>[\w-]+))? -->\n```(?<language>\w+)\n(?<code>[\s\S]*?)```/g;

/** The blocks of a document, with what each holds and what it should hold. */
export function codeBlocksIn(markdown, read) {
  return [...markdown.matchAll(block)].map(({ groups }) => ({
    path: groups.path,
    region: groups.region,
    code: groups.code,
    expected: regionOf(read(groups.path), groups.region),
  }));
}

/** The document with every block as its file has it now. */
export function refreshed(markdown, read) {
  return markdown.replace(block, (...found) => {
    const { path, region, language } = found.at(-1);
    const mark = region === undefined ? path : `${path}#${region}`;
    return `<!-- code: ${mark} -->\n\`\`\`${language}\n${regionOf(read(path), region)}\`\`\``;
  });
}

function regionOf(text, region) {
  if (region === undefined) return text;
  const match = new RegExp(`// #region ${region}\n([\\s\\S]*?)\n?// #endregion`).exec(text);
  if (match === null) throw new Error(`There is no region '${region}'.`);
  return outdented(`${match[1].trimEnd()}\n`);
}

/** A piece from the inside of something stands in a document without the indent that it has there. */
function outdented(code) {
  const [indent] = /^ */.exec(code);
  return indent === '' ? code : code.replaceAll(`\n${indent}`, '\n').slice(indent.length);
}

const root = fileURLToPath(new URL('../../', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const document of process.argv.slice(2)) {
    const markdown = readFileSync(document, 'utf8');
    writeFileSync(
      document,
      refreshed(markdown, (path) => readFileSync(root + path, 'utf8')),
    );
  }
}
