// Ids as the service makes them: those of a parent's and a number of its own, as base64 that can stand in a path.

const text = (...numbers: readonly [bytes: number, value: number][]) => {
  const size = numbers.reduce((sum, [bytes]) => sum + bytes, 0);
  const buffer = Buffer.alloc(size);
  let offset = 0;
  for (const [bytes, value] of numbers) {
    buffer.writeUIntBE(value, offset + Math.max(0, bytes - 6), Math.min(6, bytes));
    offset += bytes;
  }
  return buffer.toString('base64').replaceAll('/', '-');
};

const bytesOf = (rid: string) => Buffer.from(rid.replaceAll('-', '/'), 'base64');

export const databaseRid = (number: number) => text([4, number]);

export const containerRid = (database: string, number: number) =>
  text([4, bytesOf(database).readUInt32BE()], [4, number + 0x80000000]);

export const itemRid = (container: string, number: number) =>
  text([4, bytesOf(container).readUInt32BE()], [4, bytesOf(container).readUInt32BE(4)], [8, number]);
