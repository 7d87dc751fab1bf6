const utf8 = new TextEncoder();
const buffer = new Uint8Array(512);

/**
 * MurmurHash3, x86, 32 bit, seed 0, of the UTF-8 bytes of a text. It decides where streams live, for ever, so
 * it is pinned by test vectors.
 */
export function murmur3(text: string): number {
  if (writtenAsAscii(text)) return hashOf(buffer, text.length);
  const bytes = utf8.encode(text);
  return hashOf(bytes, bytes.length);
}

// Almost all texts are short and ASCII, and for those asking the encoder costs more than the hash.
function writtenAsAscii(text: string): boolean {
  const { length } = text;
  if (length > buffer.length) return false;
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return false;
    buffer[at] = unit;
  }
  return true;
}

function hashOf(bytes: Uint8Array, length: number): number {
  const blocks = length & ~3;
  let hash = 0;
  for (let at = 0; at < blocks; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash ^= scramble(word);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= scramble(tailOf(bytes, blocks, length)) ^ length;
  return finish(hash);
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function tailOf(bytes: Uint8Array, from: number, length: number): number {
  let word = 0;
  for (let at = length - 1; at >= from; at--) word = (word << 8) | bytes[at]!;
  return word;
}

function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
