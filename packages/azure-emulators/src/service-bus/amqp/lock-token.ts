/**
 * A lock token is a UUID. In delivery tags its bytes stand in the order of .NET's GUIDs, in which the first three
 * groups are turned around; in management messages in the order of the network.
 */
export function tokenBytes(token: string): Buffer {
  return Buffer.from(token.replaceAll('-', ''), 'hex');
}

export function tokenFromBytes(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export const tagOf = (token: string): Buffer => turned(tokenBytes(token));

export const tokenFromTag = (tag: Buffer): string => tokenFromBytes(turned(tag));

function turned(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (const [start, end] of [
    [0, 4],
    [4, 6],
    [6, 8],
  ] as const) {
    copy.subarray(start, end).reverse();
  }
  return copy;
}
