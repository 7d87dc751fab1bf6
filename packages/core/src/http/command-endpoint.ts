import type { Command } from '../messages/message.js';
import type { Exchange } from './exchange.js';
import { fromApp } from './from-app.js';
import type { Caller } from './identity.js';
import { findMessage, makeMessage } from './message-from-request.js';
import { ownedMessageId } from './owned-message-id.js';
import { readJson } from './request-body.js';
import { idempotencyKeyOf, messageOptions, prefersAsync } from './request-options.js';
import { consistencyHeader, jsonResponse, outgoingResult } from './response.js';

/** `POST /commands/{wire name}`: runs the command, or journals it when the caller prefers not to wait. */
export async function postCommand(exchange: Exchange, wireName: string): Promise<Response> {
  const { app, request } = exchange;
  const { type } = findMessage(app, 'command', wireName);
  const caller = await exchange.identifyCaller();
  const key = idempotencyKeyOf(request.headers);
  const command = makeMessage<Command>(type, await readJson(request, exchange.limits));
  const owner = { subjectId: caller.subject.id, tenant: caller.tenant, wireName };
  if (app.commandStatus !== undefined && prefersAsync(request.headers)) {
    const id = await ownedMessageId(owner, key);
    return fromApp(caller, () => send(exchange, caller, command, { wireName, id }));
  }
  return fromApp(caller, async () => {
    // One key is one id, whether the caller waits or not: the command runs once either way.
    const id = key === undefined ? undefined : await ownedMessageId(owner, key);
    const options = { ...messageOptions(request, caller), id };
    const { result, messageId, consistency } = await app.commands.dispatch(command, options);
    const body = JSON.stringify({ result: outgoingResult(type, result) ?? null, messageId });
    return jsonResponse(200, body, consistencyHeader(consistency));
  });
}

async function send(
  { app, request, basePath }: Exchange,
  caller: Caller,
  command: Command,
  { wireName, id }: { readonly wireName: string; readonly id: string },
): Promise<Response> {
  const { messageId } = await app.commands.send(command, { ...messageOptions(request, caller), id });
  const status = `${basePath}/commands/status/${encodeURIComponent(messageId)}?command=${encodeURIComponent(wireName)}`;
  return jsonResponse(202, JSON.stringify({ messageId, status }), {
    Location: status,
    'Preference-Applied': 'respond-async',
  });
}
