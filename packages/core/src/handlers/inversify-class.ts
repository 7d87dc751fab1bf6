/** The part of inversify's `Container` that is used. */
export interface InversifyContainer {
  isBound(serviceIdentifier: unknown): boolean;
  get(serviceIdentifier: unknown, options?: unknown): unknown;
}

type Reflection = { getOwnMetadata?(key: string, target: object): unknown };
interface ClassMetadata {
  readonly constructorArguments: readonly ({ readonly value?: unknown } | undefined)[];
}

/** Whether a class carries inversify's own decorators, by the metadata that they leave. */
export function hasInversifyDecorators(type: object): boolean {
  return (
    metadata(type, '@inversifyjs/core/classIsInjectableFlagReflectKey') !== undefined ||
    metadataOf(type) !== undefined
  );
}

/**
 * The places in the constructor whose class was lost: a type-only import, or an interface, leaves `Function` or
 * `Object` where the class should be, and no container can resolve that.
 */
export function erasedParameters(type: object): readonly number[] {
  const declared = metadataOf(type)?.constructorArguments;
  const emitted = metadata(type, 'design:paramtypes') as readonly unknown[] | undefined;
  const parameters = emitted ?? declared?.map((argument) => argument?.value) ?? [];
  return parameters.flatMap((parameter, index) => {
    const resolved = declared?.[index] === undefined ? parameter : declared[index].value;
    return resolved === Function || resolved === Object ? [index] : [];
  });
}

function metadataOf(type: object): ClassMetadata | undefined {
  return metadata(type, '@inversifyjs/core/classMetadataReflectKey') as ClassMetadata | undefined;
}

function metadata(type: object, key: string): unknown {
  return (Reflect as Reflection).getOwnMetadata?.(key, type);
}
