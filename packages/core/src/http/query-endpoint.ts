import type { Query } from '../messages/message.js';
import { entityTagOf, matchesTag } from './entity-tag.js';
import type { Exchange } from './exchange.js';
import { fromApp } from './from-app.js';
import { findMessage, makeMessage } from './message-from-request.js';
import { parseParameters } from './query-parameters.js';
import { readJson } from './request-body.js';
import { afterOf, messageOptions, preferredWaitInS } from './request-options.js';
import { jsonResponse, outgoingResult, withoutBody } from './response.js';

/**
 * `GET`, `HEAD` and `POST /queries/{wire name}`: the result as JSON; `null` where there is none. With `Diptych-After`,
 * `Prefer: wait=…` says for how many seconds to wait for that freshness.
 */
export async function askQuery(exchange: Exchange, wireName: string): Promise<Response> {
  const { app, request, limits, parameters } = exchange;
  const { type, cacheControl = 'no-store' } = findMessage(app, 'query', wireName);
  const caller = await exchange.identifyCaller();
  const after = afterOf(request.headers);
  const posted = request.method === 'POST';
  const data = posted ? await readJson(request, limits) : parseParameters(parameters, limits.maxDepth);
  const query = makeMessage<Query>(type, data);
  const waitInS = after && preferredWaitInS(request.headers);
  const afterTimeoutInMs = waitInS === undefined ? undefined : waitInS * 1_000;
  const options = { ...messageOptions(request, caller), after, afterTimeoutInMs };
  const body = await fromApp(caller, async () => {
    const result = outgoingResult(type, await app.queries.execute(query, options));
    return JSON.stringify(result) ?? 'null';
  });
  const headers = {
    'Cache-Control': cacheControl,
    Vary: [...exchange.varyBy, 'Diptych-After'].join(', '),
    ...(waitInS !== undefined && { 'Preference-Applied': `wait=${waitInS}` }),
  };
  return posted ? jsonResponse(200, body, headers) : conditional(request, body, headers);
}

/** 304 for a caller who has this body already. The query has run all the same: only it knows the present answer. */
async function conditional(
  request: Request,
  body: string,
  headers: Record<string, string>,
): Promise<Response> {
  const tag = await entityTagOf(body);
  const response = jsonResponse(200, body, { ...headers, ETag: tag });
  return matchesTag(request.headers.get('if-none-match'), tag) ? withoutBody(response, 304) : response;
}
