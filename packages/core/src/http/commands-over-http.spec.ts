import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DispatchOptions } from '../commands/command-bus.js';
import { DiptychError } from '../errors/diptych-error.js';
import { ForbiddenError, RefusedError } from '../errors/domain-errors.js';
import { OutcomeUnknownError, UnavailableError } from '../errors/infrastructure-errors.js';
import { command } from '../messages/command.js';
import { event } from '../messages/event.js';
import type { CommandStatus, HttpApp, HttpMessage } from './http-app.js';
import { type HttpHandlerOptions, httpHandler } from './http-handler.js';
import type { Identity } from './identity.js';

class PlaceOrder extends command(
  'shop.PlaceOrder',
  z.object({ customer: z.string(), lines: z.array(z.object({ quantity: z.number().int() })) }),
).returns(z.object({ orderId: z.string() })) {}
class CloseShop extends command('shop.CloseShop') {}
class Recount extends command('shop.Recount') {}
class OrderPlaced extends event('shop.OrderPlaced', z.object({ orderId: z.string() })) {}

const messages: Readonly<Record<string, HttpMessage>> = {
  'shop.PlaceOrder': { type: PlaceOrder, reach: 'public' },
  'shop.CloseShop': { type: CloseShop, reach: 'public' },
  'shop.Recount': { type: Recount, reach: 'internal' },
};
const order = { customer: 'c1', lines: [{ quantity: 2 }] };
const alice: Identity = { subject: { id: 'alice', roles: ['customer'] }, tenant: 'north' };

interface Given extends Partial<HttpHandlerOptions> {
  readonly dispatch?: (command: object) => unknown;
  readonly status?: CommandStatus | null;
}

function shop({ dispatch = () => ({ orderId: 'o1' }), status, ...options }: Given = {}) {
  const dispatched: { command: object; options: DispatchOptions | undefined }[] = [];
  const sent: typeof dispatched = [];
  const errors: unknown[] = [];
  const app = {
    commands: {
      async dispatch(command: object, given?: DispatchOptions) {
        const result = await dispatch(command);
        dispatched.push({ command, options: given });
        return { result, messageId: 'm1', consistency: 'inc1;3:00000a' };
      },
      async send(command: object, given?: DispatchOptions) {
        sent.push({ command, options: given });
        return { messageId: given?.id ?? 'none' };
      },
    },
    queries: { execute: async () => undefined },
    messages: { find: (kind: string, name: string) => (kind === 'command' ? messages[name] : undefined) },
    ...(status === undefined ? {} : { commandStatus: async () => status ?? undefined }),
  } as unknown as HttpApp;
  const handle = httpHandler({
    app,
    identify: () => alice,
    onError: (error) => errors.push(error),
    ...options,
  });
  const post = (
    path: string,
    body?: NonNullable<RequestInit['body']>,
    headers: Record<string, string> = {},
  ) => {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const init = {
      method: 'POST',
      headers: { ...type, ...headers },
      ...(body === undefined ? {} : { body }),
    };
    return handle(new Request(`http://shop.test${path}`, init));
  };
  return { handle, post, dispatched, sent, errors };
}

const bodyOf = async (response: Response) => (await response.json()) as Record<string, unknown>;
const place = (body: unknown = order) => ['/commands/shop.PlaceOrder', JSON.stringify(body)] as const;

describe('a command over HTTP', () => {
  it('answers with the result, the message id and the consistency token', async () => {
    const { post, dispatched } = shop();
    const response = await post(...place());
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ result: { orderId: 'o1' }, messageId: 'm1' });
    expect(response.headers.get('diptych-consistency')).toBe('inc1;3:00000a');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(dispatched[0]?.command).toBeInstanceOf(PlaceOrder);
    expect(dispatched[0]?.command).toEqual(order);
  });

  it('answers with a null result where the command has none, and needs no body where it has no data', async () => {
    const { post } = shop({ dispatch: () => undefined });
    const response = await post('/commands/shop.CloseShop');
    expect(await response.json()).toEqual({ result: null, messageId: 'm1' });
  });

  it('lets out only what the result schema names', async () => {
    const { post } = shop({ dispatch: () => ({ orderId: 'o1', margin: 0.4 }) });
    expect((await bodyOf(await post(...place()))).result).toEqual({ orderId: 'o1' });
  });

  it('passes on who calls, the tenant, the trace, the key and the signal', async () => {
    const { post, dispatched } = shop();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await post(...place(), { 'idempotency-key': '"k-1"', traceparent, tracestate: 'a=b' });
    expect(dispatched[0]?.options).toMatchObject({
      subject: { id: 'alice', roles: ['customer'] },
      tenant: 'north',
      id: expect.stringMatching(/^[\w-]+\.[\w-]+$/),
      traceparent,
      tracestate: 'a=b',
    });
    expect(dispatched[0]?.options?.abortSignal).toBeInstanceOf(AbortSignal);
  });

  it('passes over a trace that cannot be read', async () => {
    const { post, dispatched } = shop();
    await post(...place(), { traceparent: '00-zz-1-01', tracestate: 'a=b' });
    expect(dispatched[0]?.options).not.toHaveProperty('traceparent');
    expect(dispatched[0]?.options).not.toHaveProperty('tracestate');
  });

  it.each(['', 'two words', 'x'.repeat(256), 'k\u00e9y'])('refuses the Idempotency-Key %j', async (key) => {
    const { post, dispatched } = shop();
    const response = await post(...place(), { 'idempotency-key': key });
    expect([response.status, (await bodyOf(response)).code]).toEqual([400, 'invalid-header']);
    expect(dispatched).toEqual([]);
  });

  it('is found under the base path only', async () => {
    const { post } = shop({ basePath: '/api/' });
    expect((await post(`/api${place()[0]}`, place()[1])).status).toBe(200);
    expect((await post(...place())).status).toBe(404);
  });

  it('tells the app when the caller goes, and does not log it', async () => {
    const gone = new AbortController();
    const { handle, errors } = shop({
      dispatch: () => {
        gone.abort();
        throw new Error('aborted');
      },
    });
    const request = new Request('http://shop.test/commands/shop.CloseShop', {
      method: 'POST',
      signal: gone.signal,
    });
    expect((await bodyOf(await handle(request))).code).toBe('aborted');
    expect(errors).toEqual([]);
  });
});

describe('who calls over HTTP', () => {
  it('is nobody in particular when identify does not know', async () => {
    const { post, dispatched } = shop({ identify: () => undefined });
    await post(...place());
    expect(dispatched[0]?.options).toMatchObject({ subject: { id: '', roles: [] }, tenant: 'default' });
  });

  it.each([
    { subject: { id: 'system', roles: [] } },
    { subject: { id: 'mallory', roles: ['system'] } },
    { subject: { id: 7, roles: [] } },
    {},
  ])('promise 9: is refused as a fault of the program when identify answers %j', async (identity) => {
    const { post, dispatched, errors } = shop({ identify: () => identity as Identity });
    const response = await post(...place());
    expect([response.status, (await bodyOf(response)).code]).toEqual([500, 'internal']);
    expect(errors).toMatchObject([{ code: 'identity-invalid' }]);
    expect(dispatched).toEqual([]);
  });

  it('promise 9: never acts for another subject', async () => {
    const subject = { id: 'mallory', roles: [], delegated: true };
    const { post, dispatched } = shop({ identify: () => ({ subject }) });
    await post(...place());
    expect(dispatched[0]?.options?.subject).toEqual({ id: 'mallory', roles: [] });
  });

  it('is asked for credentials when nobody in particular is refused, and told no when somebody is', async () => {
    const dispatch = () => {
      throw new ForbiddenError('hasRole(customer) says no.');
    };
    const nobody = await shop({ dispatch, identify: () => undefined, challenge: 'Shop' }).post(...place());
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Shop']);
    const somebody = await shop({ dispatch }).post(...place());
    expect(somebody.status).toBe(403);
    expect(await somebody.json()).toMatchObject({
      code: 'forbidden',
      detail: 'This subject may not do that.',
    });
  });

  it('promise 9: cannot tell an internal command from one that is not there', async () => {
    const { post, dispatched } = shop();
    const [internal, missing, otherKind] = await Promise.all(
      ['shop.Recount', 'shop.Nothing', 'shop.OrderPlaced'].map((name) => post(`/commands/${name}`, '{}')),
    );
    const text = await internal?.text();
    expect([internal?.status, JSON.parse(text ?? '').code]).toEqual([404, 'unknown-message']);
    expect(await missing?.text()).toBe(text);
    expect(await otherKind?.text()).toBe(text);
    expect(dispatched).toEqual([]);
  });
});

describe('a command that fails', () => {
  const failing = (error: unknown) =>
    shop({
      dispatch: () => {
        throw error;
      },
    });

  it('gives a refusal by the domain its own code and details', async () => {
    const { post, errors } = failing(
      new RefusedError('no-customer', 'Who is it for?', { details: { line: 3 } }),
    );
    const response = await post(...place());
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Unprocessable Content',
      status: 422,
      code: 'no-customer',
      detail: 'Who is it for?',
      retryable: false,
      details: { line: 3 },
    });
    expect(errors).toEqual([]);
  });

  it('keeps a refusal a refusal under whatever code the domain chose', async () => {
    const response = await failing(new RefusedError('not-found', 'Sold out.')).post(...place());
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'not-found', detail: 'Sold out.' });
  });

  it.each([
    ['command-in-progress', 409, '1'],
    ['concurrency-conflict', 409, null],
    ['idempotency-mismatch', 422, null],
    ['message-too-large', 413, null],
    ['time-limit', 503, '1'],
    ['unavailable', 503, '5'],
    ['outcome-unknown', 504, '1'],
  ])('answers %s with %i', async (code, status, retryAfter) => {
    const response = await failing(new DiptychError({ code, message: 'm', retryable: true })).post(
      ...place(),
    );
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(await response.json()).toMatchObject({ code, status, retryable: true });
  });

  it.each([
    new Error('password=hunter2'),
    new DiptychError({ code: 'not-in-the-table', message: 'password=hunter2', details: { at: 'hunter2' } }),
    new UnavailableError('sql://sa:hunter2@db', new Error('hunter2')),
    new OutcomeUnknownError('hunter2', { connection: 'hunter2' }),
    'hunter2',
    undefined,
  ])('says nothing of the inside of the program, but logs it: %s', async (error) => {
    const { post, errors } = failing(error);
    const response = await post(...place());
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(await response.text()).not.toMatch(/hunter2|"stack"|\bat file|\.ts:/);
    expect(errors).toEqual([error]);
  });

  it('does not blame the caller for a message that a handler made wrongly', async () => {
    const { post, errors } = shop({ dispatch: () => new OrderPlaced({ orderId: 5 } as never) });
    const response = await post(...place());
    expect([response.status, (await bodyOf(response)).code]).toEqual([500, 'internal']);
    expect(errors).toMatchObject([{ code: 'invalid-message-inside' }]);
  });

  it.each([[{ orderId: 5 }], [{ orderId: 'o1', count: 1n }], [undefined]])(
    'lets no result out that does not fit its schema: %s',
    async (result) => {
      const { post, errors } = shop({ dispatch: () => result });
      const response = await post(...place());
      const fits = typeof result?.orderId === 'string';
      expect([response.status, errors.length]).toEqual(fits ? [200, 0] : [500, 1]);
    },
  );

  it('answers although the log throws', async () => {
    const onError = () => {
      throw new Error('disk full');
    };
    const dispatch = onError;
    expect((await shop({ dispatch, onError }).post(...place())).status).toBe(500);
  });
});

describe('a command that the caller does not wait for', () => {
  const prefer = { prefer: 'return=minimal, respond-async' };
  const get = (path: string) => new Request(`http://shop.test${path}`);

  it('is journalled, with the address of its status', async () => {
    const { post, handle, sent, dispatched } = shop({ status: { state: 'pending' }, basePath: '/api' });
    const response = await post(`/api${place()[0]}`, place()[1], prefer);
    const location = response.headers.get('location') ?? '';
    const { messageId } = await bodyOf(response);
    expect(response.status).toBe(202);
    expect(response.headers.get('preference-applied')).toBe('respond-async');
    expect(sent).toMatchObject([{ command: order, options: { id: messageId, tenant: 'north' } }]);
    expect(dispatched).toEqual([]);
    const status = await handle(get(location));
    expect(await status.json()).toEqual({ messageId, state: 'pending' });
  });

  it('shows its result, or why it was refused', async () => {
    const done = shop({
      status: { state: 'done', result: { orderId: 'o1', margin: 1 }, consistency: 'i;1:0a' as never },
    });
    const location = (await done.post(...place(), prefer)).headers.get('location') ?? '';
    const response = await done.handle(get(location));
    expect(await response.json()).toMatchObject({ state: 'done', result: { orderId: 'o1' } });
    expect(response.headers.get('diptych-consistency')).toBe('i;1:0a');
    const refused = shop({
      status: { state: 'refused', code: 'price', message: 'No.', details: { line: 1 } },
    });
    expect(await (await refused.handle(get(location))).json()).toMatchObject({
      state: 'refused',
      problem: { status: 422, code: 'price', details: { line: 1 } },
    });
  });

  it.each([
    { subject: { id: 'mallory', roles: [] }, tenant: 'north' },
    { subject: { id: 'alice', roles: [] }, tenant: 'south' },
    undefined,
  ])('promise 9: does not exist for anybody else: %j', async (other) => {
    const status: CommandStatus = { state: 'done', result: { orderId: 'o1' } };
    const location = (await shop({ status }).post(...place(), prefer)).headers.get('location') ?? '';
    const response = await shop({ status, identify: () => other }).handle(get(location));
    expect([response.status, (await bodyOf(response)).code]).toEqual([404, 'unknown-command-id']);
  });

  it('looks the same when it never was', async () => {
    const { handle, post } = shop({ status: null });
    const location = (await post(...place(), prefer)).headers.get('location') ?? '';
    const [never, foreign] = [await handle(get(location)), await handle(get('/commands/status/x.y'))];
    expect(never.status).toBe(404);
    expect(await never.text()).toBe(await foreign.text());
  });

  it('promise 4: has the same id when it is sent again under the same key, and another for anybody else', async () => {
    const id = async (identity: Identity, key: string) => {
      const { post } = shop({ status: { state: 'pending' }, identify: () => identity });
      return (await bodyOf(await post(...place(), { ...prefer, 'idempotency-key': key }))).messageId;
    };
    const bob: Identity = { ...alice, subject: { id: 'bob', roles: [] } };
    const first = await id(alice, 'k1');
    expect(await id(alice, 'k1')).toBe(first);
    expect(new Set([first, await id(alice, 'k2'), await id(bob, 'k1')]).size).toBe(3);
  });

  it('is waited for where the app cannot tell what became of it', async () => {
    expect((await shop().post(...place(), prefer)).status).toBe(200);
  });
});
