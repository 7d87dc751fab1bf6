declare const provides: unique symbol;

/** A name for something that a handler is given and that is not a class: a setting, a client, a read model. */
export interface Token<T> {
  readonly [provides]?: T;
  readonly name: string;
  /** What to do where nothing is bound to it. */
  readonly hint?: string;
}

/** What may stand in an `inject` list: a class (abstract ones too) or a token. */
// biome-ignore lint/suspicious/noExplicitAny: only the instance matters, whatever it is constructed from
export type Injectable<T = unknown> = (abstract new (...dependencies: any) => T) | Token<T>;

/** The instances that an `inject` list stands for, in its order. */
export type Injected<List extends readonly Injectable[]> = {
  -readonly [Index in keyof List]: List[Index] extends Injectable<infer T> ? T : never;
};

/**
 * Makes a token. Two tokens of one name are two tokens.
 * @param hint told when nothing is bound to it. Default: to bind something in `provide`.
 */
export function token<T>(name: string, hint?: string): Token<T> {
  return hint === undefined ? { name } : { name, hint };
}
