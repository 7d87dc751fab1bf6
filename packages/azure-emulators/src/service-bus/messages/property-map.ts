import { readable, type Typed, types } from './amqp-types.js';

/** A map of an AMQP message, such as its annotations: values keep the types that the sender gave them. */
export class PropertyMap {
  /** `pairs` are keys and values in turn. */
  constructor(private readonly pairs: readonly Typed[] = []) {}

  get(name: string): unknown {
    const index = this.pairs.findIndex((item, at) => at % 2 === 0 && item.value === name);
    return index < 0 ? undefined : readable(types.unwrap(this.pairs[index + 1]));
  }

  has(name: string): boolean {
    return this.pairs.some((item, at) => at % 2 === 0 && item.value === name);
  }

  /** With these values in place of what had their names; `undefined` removes. */
  with(changes: Readonly<Record<string, unknown>>, wrapKey = types.wrap_string): PropertyMap {
    const pairs: Typed[] = [];
    for (let index = 0; index + 1 < this.pairs.length; index += 2) {
      const [key, value] = this.pairs.slice(index, index + 2) as [Typed, Typed];
      if (!Object.hasOwn(changes, String(key.value))) pairs.push(key, value);
    }
    for (const [name, value] of Object.entries(changes)) {
      if (value !== undefined) pairs.push(wrapKey(name), types.wrap(value));
    }
    return new PropertyMap(pairs);
  }

  get isEmpty(): boolean {
    return this.pairs.length === 0;
  }

  /** As a section's value. */
  encoded(): Typed {
    return types.Map32(this.pairs);
  }
}
