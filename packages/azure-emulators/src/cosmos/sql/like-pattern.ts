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

function setOf(inside: string): string {
  const isNegated = inside.startsWith('^') && inside.length > 1;
  const letters = (isNegated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, '\\$&');
  // A hyphen at an end, and a range that goes backwards, are letters.
  const ranges = letters.replace(/(.)-(.)/gu, (all, from: string, to: string) =>
    from <= to ? all : `${from}\\-${to}`,
  );
  const isRanged = /^[^-].*-.+$/u.test(ranges);
  return `[${isNegated ? '^' : ''}${isRanged ? ranges : ranges.replaceAll('-', '\\-')}]`;
}

const literally = (letter: string) => letter.replace(/[\\^$.*+?()[\]{}|/-]/u, '\\$&');
