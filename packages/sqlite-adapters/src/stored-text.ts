// What SQLite, or its driver, does not keep as it is: a text ends at its first NUL, and halves of surrogate pairs all
// become one and the same character. Two names would be one.
const mark = '\uf8ff';
const nullOrSurrogate = /[\0\uf8ff\ud800-\udfff]/;
const toBeMarked = /[\0\uf8ff\p{Surrogate}]/gu;
const marked = /\uf8ff([0-9a-f]{4})/g;

/** A name or an id as it is bound: every text is kept, and each stays another one. Almost all are bound as they are. */
export function stored(text: string): string {
  if (!nullOrSurrogate.test(text)) return text;
  return text.replace(
    toBeMarked,
    (character) => mark + character.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

/** The text that `stored` was given. */
export function restored(text: string): string {
  if (!text.includes(mark)) return text;
  return text.replace(marked, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
