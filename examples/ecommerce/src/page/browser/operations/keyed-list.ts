/** One item on the page: made once, then only brought up to date, so that what has the focus keeps it. */
export interface View<Item> {
  readonly root: HTMLElement;
  show(item: Item): void;
}

export interface KeyedListOptions<Item> {
  readonly parent: HTMLElement;
  readonly keyOf: (item: Item) => string;
  readonly make: (item: Item) => View<Item>;
  /** Gets the focus when the item that had it goes. */
  readonly fallback?: HTMLElement;
}

/** Shows items that come and go. */
export class KeyedList<Item> {
  readonly #options: KeyedListOptions<Item>;
  readonly #views = new Map<string, View<Item>>();

  constructor(options: KeyedListOptions<Item>) {
    this.#options = options;
  }

  show(items: readonly Item[]): void {
    const { parent, keyOf } = this.#options;
    this.#removeAllBut(new Set(items.map(keyOf)));
    for (const [index, item] of items.entries()) {
      const view = this.#viewOf(item);
      view.show(item);
      // Moved only where it has to be: moving takes the focus away.
      if (parent.children[index] !== view.root)
        parent.insertBefore(view.root, parent.children[index] ?? null);
    }
  }

  #viewOf(item: Item): View<Item> {
    const key = this.#options.keyOf(item);
    const view = this.#views.get(key) ?? this.#options.make(item);
    this.#views.set(key, view);
    return view;
  }

  #removeAllBut(keys: ReadonlySet<string>): void {
    for (const [key, { root }] of this.#views) {
      if (keys.has(key)) continue;
      if (root.contains(document.activeElement)) this.#options.fallback?.focus();
      root.remove();
      this.#views.delete(key);
    }
  }
}
