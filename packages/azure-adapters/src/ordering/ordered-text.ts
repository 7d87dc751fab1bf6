/**
 * Stores compare texts by the bytes of their UTF-8, where code compares them by code unit. The halves of surrogate pairs
 * come before U+E000, so both move up by one place: halves into U+E000–U+E7FF, what was there behind a mark.
 */
const halves = { from: 0xd800, to: 0xe000, moved: 0x800 };
const mark = '\ue800';
const behindMark = 0x100;

/** Almost all texts are in that order as they are. */
const isMoved = /[\0\ud800-\uffff]/;

/** Sorts before everything that a text goes on with, so that a text comes before those that begin with it. */
const end = '\0\0';
const zero = '\0\u0001';

/** The text in that order, with its end: what is put behind it does not mix with it. */
export function orderedText(text: string): string {
  if (!isMoved.test(text)) return text + end;
  let ordered = '';
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0) ordered += zero;
    else if (unit < halves.from) ordered += text[at];
    else if (unit < halves.to) ordered += String.fromCharCode(unit + halves.moved);
    else ordered += mark + String.fromCharCode(unit - halves.to + behindMark);
  }
  return ordered + end;
}

/** The text that an ordered one begins with, up to its end. */
export function textOf(ordered: string): string {
  const whole = ordered.slice(0, ordered.indexOf(end));
  if (!isMoved.test(whole)) return whole;
  let text = '';
  for (let at = 0; at < whole.length; at++) {
    const unit = whole.charCodeAt(at);
    if (unit === 0) at++;
    if (whole[at] === mark) text += String.fromCharCode(whole.charCodeAt(++at) - behindMark + halves.to);
    else if (unit >= halves.to) text += String.fromCharCode(unit - halves.moved);
    else text += String.fromCharCode(unit);
  }
  return text;
}
