/**
 * The regular expression of a pattern of LIKE: `%` any text, `_` any letter, `[a-c]` and `[^a-c]` one of these letters
 * or none of them; the letter after `escaping` stands for itself.
 */
export function likePattern(pattern: string, escaping: string | undefined): RegExp {
  let source = '';
  const letters = [...pattern];
  for (let index = 0; index < letters.length; index++) {
    const letter = letters[index]!;
    const end = letters.indexOf(']', index + 2);
    if (letter === escaping && index + 1 < letters.length) source += literally(letters[++index]!);
    else if (letter === '%') source += '.*';
    else if (letter === '_') source += '.';
    else if (letter === '[' && end > 0) {
      source += setOf(letters.slice(index + 1, end).join(''));
      index = end;
    } else source += literally(letter);
  }
  return new RegExp(`^${source}$`, 'su');
}

/** A hyphen between two letters in their order makes a range; any other stands for itself. */
function setOf(inside: string): string {
  const isNegated = inside.startsWith('^') && inside.length > 1;
  const letters = [...(isNegated ? inside.slice(1) : inside)];
  let source = '';
  for (let index = 0; index < letters.length; index++) {
    const [from, hyphen, to] = letters.slice(index, index + 3) as [string, string?, string?];
    const isRange = hyphen === '-' && to !== undefined && from <= to;
    source += isRange ? `${inSet(from)}-${inSet(to)}` : inSet(from);
    if (isRange) index += 2;
  }
  return `[${isNegated ? '^' : ''}${source}]`;
}

const literally = (letter: string) => letter.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&');
const inSet = (letter: string) => (letter === '-' ? '\\-' : literally(letter));
