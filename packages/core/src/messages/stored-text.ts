// What some stores, or their drivers, do not keep as it is: a text ends at its first NUL, halves of surrogate pairs all
// become one and the same character, blanks at the end do not count. Two names would be one.
const mark = '\uf8ff';
const mayNeedMarks = /[\0\uf8ff\ud800-\udfff]| $/;
const toBeMarked = /[\0\uf8ff\p{Surrogate}]| (?= *$)/gu;
const marked = /\uf8ff([0-9a-f]{4})/g;

/**
 * For stores: a name or an id as it is bound. Every text is kept, and each stays another one, also where blanks at the
 * end do not count. Almost all are bound as they are.
 */
export function stored(text: string): string {
  if (!mayNeedMarks.test(text)) return text;
  return text.replace(
    toBeMarked,
    (character) => mark + character.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

/** For stores: the text that `stored` was given. */
export function restored(text: string): string {
  if (!text.includes(mark)) return text;
  return text.replace(marked, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
