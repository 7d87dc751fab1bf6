import { checkKey, checkValue } from './safe-value.js';

/**
 * The data of a query from its address: `?status=open&limit=20&tag=a&tag=b` is
 * `{ status: 'open', limit: 20, tag: ['a', 'b'] }`. A value is JSON where it parses as such, else a string: a
 * text that looks like a number needs JSON's quotes (`?sku="20725"`), or a schema that takes both.
 * @throws RequestError `forbidden-key`, `too-deep`.
 */
export function parseParameters(parameters: URLSearchParams, maxDepth: number): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const name of new Set(parameters.keys())) {
    checkKey(name);
    const values = parameters.getAll(name).map(parseValue);
    data[name] = values.length === 1 ? values[0] : values;
  }
  checkValue(data, maxDepth);
  return data;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
