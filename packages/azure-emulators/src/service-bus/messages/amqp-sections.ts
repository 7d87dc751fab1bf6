import { decodeError } from '../errors/service-bus-error.js';

/** The codes of a message's sections, in the order in which they may come. */
export const sectionCodes = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
  footer: 0x78,
} as const;

export interface Section {
  readonly code: number;
  readonly start: number;
  /** Where the section's value begins: behind its descriptor. */
  readonly valueStart: number;
  readonly end: number;
}

/** The sections of an encoded message, found without decoding what is in them. */
export function sectionsOf(bytes: Buffer): Section[] {
  const sections: Section[] = [];
  for (let start = 0; start < bytes.length; ) {
    const { code, end: valueStart } = descriptorAt(bytes, start);
    const end = endOfValue(bytes, valueStart);
    const last = sections.at(-1)?.code ?? 0;
    if (code < last || code < sectionCodes.header || code > sectionCodes.footer || end > bytes.length) {
      throw decodeError(`The bytes at ${start} are no section of a message.`);
    }
    sections.push({ code, start, valueStart, end });
    start = end;
  }
  return sections;
}

function descriptorAt(bytes: Buffer, at: number): { code: number; end: number } {
  const type = bytes[at + 1];
  if (bytes[at] === 0 && type === 0x53 && at + 2 < bytes.length)
    return { code: bytes[at + 2] ?? 0, end: at + 3 };
  if (bytes[at] === 0 && type === 0x80 && at + 10 <= bytes.length)
    return { code: Number(bytes.readBigUInt64BE(at + 2)), end: at + 10 };
  throw decodeError(`The bytes at ${at} are no section of a message.`);
}

/** The upper half of a constructor's code tells how its value's length is written. */
function endOfValue(bytes: Buffer, at: number): number {
  const type = bytes[at];
  if (type === undefined) throw decodeError('The message ends in the middle of a section.');
  const width = type >>> 4;
  const start = at + 1;
  if (width >= 0x4 && width <= 0x9) return start + (width === 4 ? 0 : 2 ** (width - 5));
  const isLong = (width & 1) === 1;
  if (width < 0xa || start + (isLong ? 4 : 1) > bytes.length) {
    throw decodeError(`The value at ${at} has no known type.`);
  }
  return isLong ? start + 4 + bytes.readUInt32BE(start) : start + 1 + (bytes[start] ?? 0);
}
