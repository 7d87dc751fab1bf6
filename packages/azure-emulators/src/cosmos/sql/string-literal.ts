const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** What a literal in quotes stands for. */
export const unquoted = (literal: string): string =>
  literal
    .slice(1, -1)
    .replace(
      /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g,
      (_all, code: string | undefined, letter: string | undefined) =>
        code === undefined ? (letters[letter!] ?? letter!) : String.fromCharCode(Number.parseInt(code, 16)),
    );
