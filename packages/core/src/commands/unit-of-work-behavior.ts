import type { StandardSchemaV1 } from '@standard-schema/spec';
import { RefusedError } from '../errors/domain-errors.js';
import { parse } from '../messages/schema.js';
import type { Behavior } from '../pipeline/behavior.js';
import type { AroundPrepare } from '../pipeline/prepare-behavior.js';
import type { SettledCommand } from '../unit-of-work/inbox.js';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import type { UnitOfWorkRequest, UnitOfWorkResult } from '../unit-of-work/unit-of-work-request.js';
import type { CommandMessageContext } from './command-context.js';

/** Runs the handler in one transaction, and gives back what is remembered where it has run before. */
export function unitOfWorkBehavior(unitOfWork: UnitOfWork): Behavior<CommandMessageContext> {
  return {
    name: 'unit of work',
    wrap(next) {
      return async (message, context) => {
        context.committing = true;
        try {
          const outcome = await unitOfWork.run(requestOf(context), (session) => {
            context.session = session;
            return next(message, context);
          });
          context.committed = true;
          return ended(outcome, context);
        } finally {
          context.committing = false;
        }
      };
    },
  };
}

/** Does for a `prepare` step, which comes before the unit of work, what the unit does for the handler. */
export function aroundPrepare(unitOfWork: UnitOfWork): AroundPrepare<CommandMessageContext> {
  return {
    async recall(context) {
      const command = await unitOfWork.settled(requestOf(context));
      return command && { result: recall(command, context) };
    },
    async refuse(context, refusal) {
      return ended(await unitOfWork.refuse(requestOf(context), refusal), context);
    },
  };
}

function requestOf({ abortable, claim, meta }: CommandMessageContext): UnitOfWorkRequest {
  return { meta, claim, abortSignal: abortable };
}

function ended(outcome: UnitOfWorkResult<unknown>, context: CommandMessageContext): unknown {
  if (outcome.kind === 'settled') return recall(outcome.command, context);
  context.written = { messageId: context.id, ranges: outcome.ranges };
  return outcome.result;
}

function recall({ messageId, outcome, ranges }: SettledCommand, context: CommandMessageContext): unknown {
  context.written = { messageId, ranges };
  if (outcome.kind === 'refused')
    throw new RefusedError(outcome.code, outcome.message, { details: outcome.details });
  if (outcome.result === undefined) return undefined;
  return decodeResult(outcome.result, context.definition.resultSchema, context.name);
}

function decodeResult(text: string, schema: StandardSchemaV1 | undefined, wireName: string): unknown {
  const value: unknown = JSON.parse(text);
  return schema === undefined ? value : parse(schema, value, wireName);
}
