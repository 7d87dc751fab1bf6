import { RefusedError } from '../errors/domain-errors.js';
import type { MessageType } from '../messages/message.js';
import type { Exchange } from './exchange.js';
import { fromApp } from './from-app.js';
import type { CommandStatus } from './http-app.js';
import { findMessage } from './message-from-request.js';
import { isOwnedBy } from './owned-message-id.js';
import { problemOf } from './problem.js';
import { RequestError } from './request-errors.js';
import { consistencyHeader, jsonResponse, outgoingResult } from './response.js';

/**
 * `GET /commands/status/{messageId}?command={wire name}`: what has become of a sent command. To everybody but the
 * subject that sent it, it does not exist.
 */
export async function getCommandStatus(exchange: Exchange, messageId: string): Promise<Response> {
  const { app, parameters } = exchange;
  const caller = await exchange.identifyCaller();
  const wireName = parameters.get('command') ?? '';
  const owner = { subjectId: caller.subject.id, tenant: caller.tenant, wireName };
  if (app.commandStatus === undefined || !(await isOwnedBy(messageId, owner))) throw unknown();
  const { type } = findMessage(app, 'command', wireName);
  const status = await fromApp(caller, async () =>
    app.commandStatus?.(messageId, { wireName, tenant: caller.tenant }),
  );
  if (status === undefined) throw unknown();
  const headers = status.state === 'done' ? consistencyHeader(status.consistency) : {};
  return jsonResponse(200, JSON.stringify({ messageId, ...outgoingStatus(type, status) }), headers);
}

function outgoingStatus(type: MessageType, status: CommandStatus): object {
  if (status.state === 'done') return { state: 'done', result: outgoingResult(type, status.result) };
  if (status.state !== 'refused') return { state: status.state };
  const refusal = new RefusedError(status.code, status.message, { details: status.details ?? {} });
  return { state: 'refused', problem: problemOf(refusal) };
}

function unknown(): RequestError {
  return new RequestError('unknown-command-id', 'There is no command of yours with this id.');
}
