import { typeOf, type ValueType } from '../values.js';
import { type SystemFunction, withValues } from './system-function.js';

const isOf = (...types: readonly ValueType[]) => withValues(1, ([value]) => types.includes(typeOf(value)));

export const typeFunctions: Readonly<Record<string, SystemFunction>> = {
  IS_DEFINED: withValues(1, ([value]) => value !== undefined),
  IS_NULL: isOf('null'),
  IS_BOOL: isOf('boolean'),
  IS_NUMBER: isOf('number'),
  IS_STRING: isOf('string'),
  IS_ARRAY: isOf('array'),
  IS_OBJECT: isOf('object'),
  IS_PRIMITIVE: isOf('null', 'boolean', 'number', 'string'),
  IS_INTEGER: withValues(1, ([value]) => Number.isInteger(value)),
  IS_FINITE_NUMBER: withValues(1, ([value]) => Number.isFinite(value)),
};
