import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { murmur3 } from './murmur3.js';
import { assertPartitionCount, partitionOf } from './partition.js';
import { asPosition, maxEventsPerUnit, partsOf, positionAt, positionLength } from './position.js';

// Those of ASCII take another way than others do, and long ones yet another.
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'binary-ascii', minLength: 0, maxLength: 60 }),
  fc.string({ unit: 'binary-ascii', minLength: 505, maxLength: 520 }),
);

describe('murmur3', () => {
  // Published vectors of MurmurHash3_x86_32 with seed 0. Changing one of these moves streams between partitions.
  test.each([
    ['', 0x00000000],
    ['a', 0x3c2569b2],
    ['abc', 0xb3dd93fa],
    ['test', 0xba6bd213],
    ['Hello, world!', 0xc0363e43],
    ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
    ['\u{0}\u{0}\u{0}\u{0}', 0x2362f9de],
    ['\u{0}\u{0}\u{0}', 0x85f0b427],
    ['\u{0}\u{0}', 0x30f4c306],
    ['\u{0}', 0x514e28b7],
  ])('of %j is %i', (text, hash) => {
    expect(murmur3(text).toString(16)).toBe(hash.toString(16));
  });

  test('agrees with the algorithm as it is published, for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(murmur3(text)).toBe(reference(new TextEncoder().encode(text)));
      }),
      { numRuns: 400 },
    );
  });
});

describe('partitionOf', () => {
  test('is a partition, always the same, for any key and count', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 65_536 }), (key, count) => {
        const partition = partitionOf(key, count);
        expect(Number.isInteger(partition) && partition >= 0 && partition < count).toBe(true);
        expect(partitionOf(key, count)).toBe(partition);
      }),
    );
  });

  test('spreads names evenly: none of 32 partitions has half as many again as its share', () => {
    const counts = new Array(32).fill(0);
    for (let number = 0; number < 32_000; number++) counts[partitionOf(`order-${number}`, 32)]++;
    expect(Math.max(...counts)).toBeLessThan(1_500);
    expect(Math.min(...counts)).toBeGreaterThan(500);
  });

  test('is the hash modulo the count', () => {
    expect(partitionOf('a', 32)).toBe(0x3c2569b2 % 32);
    expect(partitionOf('Hello, world!', 1_000)).toBe(0xc0363e43 % 1_000);
  });
});

test.each([0, -1, 1.5, Number.NaN, 65_537])('a journal with %d partitions is refused', (count) => {
  expect(() => assertPartitionCount(count)).toThrow(
    expect.objectContaining({ code: 'invalid-partition-count' }),
  );
});

describe('a position', () => {
  const rows = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const indexes = fc.integer({ min: 0, max: maxEventsPerUnit - 1 });

  test('is compared as its row, then its index', () => {
    fc.assert(
      fc.property(rows, indexes, rows, indexes, (row, index, otherRow, otherIndex) => {
        const before = row < otherRow || (row === otherRow && index < otherIndex);
        expect(positionAt(row, index) < positionAt(otherRow, otherIndex)).toBe(before);
      }),
    );
  });

  test('has a fixed width, is read back, and gives its parts back', () => {
    fc.assert(
      fc.property(rows, indexes, (row, index) => {
        const position = positionAt(row, index);
        expect(position).toHaveLength(positionLength);
        expect(asPosition(position)).toBe(position);
        expect(partsOf(position)).toEqual({ row, index });
      }),
    );
  });

  test('is nothing else: other widths, upper case and other signs are refused', () => {
    const position = positionAt(255, 1);
    for (const text of [
      '',
      position.slice(1),
      `${position}0`,
      position.toUpperCase(),
      `${position.slice(1)}g`,
      ` ${position.slice(1)}`,
    ]) {
      expect(asPosition(text)).toBeUndefined();
    }
  });
});

// A second reading of the published C code, on whole 64-bit numbers, so that it shares no trick with ours.
function reference(bytes: Uint8Array): number {
  const mask = 0xffff_ffffn;
  const times = (one: bigint, other: bigint) => (one * other) & mask;
  const turn = (value: bigint, by: bigint) => ((value << by) | (value >> (32n - by))) & mask;
  const little = (part: Uint8Array) => part.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const mixed = (word: bigint) => times(turn(times(word, 0xcc9e2d51n), 15n), 0x1b873593n);
  let hash = 0n;
  const whole = bytes.length - (bytes.length % 4);
  for (let at = 0; at < whole; at += 4) {
    hash = (times(turn(hash ^ mixed(little(bytes.subarray(at, at + 4))), 13n), 5n) + 0xe6546b64n) & mask;
  }
  hash ^= mixed(little(bytes.subarray(whole))) ^ BigInt(bytes.length);
  hash = times(hash ^ (hash >> 16n), 0x85ebca6bn);
  hash = times(hash ^ (hash >> 13n), 0xc2b2ae35n);
  return Number(hash ^ (hash >> 16n));
}
