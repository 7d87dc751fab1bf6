import { expectTypeOf, test } from 'vitest';
import type { DispatchOptions, SendCommandOptions } from '../commands/command-bus.js';
import type { MessageOptions } from '../messages/message-options.js';
import type { ExecuteQueryOptions } from '../queries/query-bus.js';
import type { FindOptions } from '../read-models/read-model.js';
import type { AppendOptions } from '../unit-of-work/session.js';
import type { AppOptions, CommandSettings, SubscriptionSettings } from './app-options.js';

/** The same options, each of the optional ones given as `undefined`. */
type WithNothing<Options> = {
  [Name in keyof Options]: undefined extends Options[Name] ? undefined : Options[Name];
};

test('what may be left out of options may be undefined', () => {
  expectTypeOf<WithNothing<AppOptions>>().toExtend<AppOptions>();
  expectTypeOf<WithNothing<CommandSettings>>().toExtend<CommandSettings>();
  expectTypeOf<WithNothing<SubscriptionSettings>>().toExtend<SubscriptionSettings>();
  expectTypeOf<WithNothing<MessageOptions>>().toExtend<MessageOptions>();
  expectTypeOf<WithNothing<DispatchOptions>>().toExtend<DispatchOptions>();
  expectTypeOf<WithNothing<SendCommandOptions>>().toExtend<SendCommandOptions>();
  expectTypeOf<WithNothing<ExecuteQueryOptions>>().toExtend<ExecuteQueryOptions>();
  expectTypeOf<WithNothing<FindOptions>>().toExtend<FindOptions>();
  expectTypeOf<WithNothing<AppendOptions>>().toExtend<AppendOptions>();
});
