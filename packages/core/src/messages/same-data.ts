/** Whether two values are the same as data: deeply, and taking a property that is `undefined` for an absent one. */
export function sameData(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  if (one instanceof Date) return one.getTime() === (other as Date).getTime();
  // What else keeps its content elsewhere than in properties does not come through JSON at all.
  if (one instanceof Map || one instanceof Set || ArrayBuffer.isView(one)) return false;
  if (Array.isArray(one) && one.length !== (other as unknown[]).length) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => sameData((one as never)[key], (other as never)[key]));
}
