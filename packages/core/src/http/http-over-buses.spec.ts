import { expect, it } from 'vitest';
import { z } from 'zod';
import { commandHandler } from '../commands/command-handler.js';
import { createCommandBus } from '../commands/create-command-bus.js';
import { RefusedError } from '../errors/domain-errors.js';
import { hasRole, internal } from '../handlers/policy.js';
import { command } from '../messages/command.js';
import { query } from '../messages/query.js';
import { authorizationBehavior } from '../pipeline/authorization-behavior.js';
import { createQueryBus } from '../queries/create-query-bus.js';
import { queryHandler } from '../queries/query-handler.js';
import type { HttpApp } from './http-app.js';
import { httpHandler } from './http-handler.js';

class Rename extends command('shop.Rename', z.object({ name: z.string() })).returns(z.string()) {}
class Forget extends command('shop.Forget') {}
class Name extends query('shop.Name').returns(z.string()) {}

/** The real buses behind the edge, with a name to change. */
function shop(roles: readonly string[] | undefined) {
  let name = 'old';
  const commands = [
    commandHandler(Rename, { authorize: hasRole('operator') }, (given) => {
      if (given.name === '') throw new RefusedError('name-empty', 'A shop has a name.');
      name = given.name;
      return name;
    }),
    commandHandler(Forget, { authorize: internal }, () => {
      name = '';
    }),
  ];
  const queries = [queryHandler(Name, { authorize: hasRole('operator', 'customer') }, () => name)];
  const behaviors = [authorizationBehavior()];
  const app: HttpApp = {
    commands: createCommandBus({ handlers: commands, behaviors }),
    queries: createQueryBus({ handlers: queries, behaviors }),
    messages: {
      find(kind, wireName) {
        const found = [...commands, ...queries].find(
          (one) => one.kind === kind && one.message.wireName === wireName,
        );
        return found && { type: found.message, reach: found.authorize?.reach ?? 'internal' };
      },
    },
  };
  const handle = httpHandler({ app, identify: () => roles && { subject: { id: 'someone', roles } } });
  return async (method: string, path: string, data?: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const body = data === undefined ? {} : { body: JSON.stringify(data), headers };
    const response = await handle(new Request(`http://shop.test${path}`, { method, ...body }));
    return [response.status, await response.json()];
  };
}

it('promise 9: commands and queries over HTTP pass their own policies', async () => {
  const operator = shop(['operator']);
  expect(await operator('POST', '/commands/shop.Rename', { name: 'new' })).toMatchObject([
    200,
    { result: 'new' },
  ]);
  expect(await operator('GET', '/queries/shop.Name')).toEqual([200, 'new']);

  const customer = shop(['customer']);
  const refused = await customer('POST', '/commands/shop.Rename', { name: 'new' });
  expect(refused).toMatchObject([403, { code: 'forbidden' }]);
  expect(JSON.stringify(refused)).not.toContain('operator');
  expect(await customer('GET', '/queries/shop.Name')).toEqual([200, 'old']);

  const nobody = shop(undefined);
  expect(await nobody('GET', '/queries/shop.Name')).toMatchObject([401, { code: 'unauthenticated' }]);
  expect(await operator('POST', '/commands/shop.Forget')).toMatchObject([404, { code: 'unknown-message' }]);
  expect(await operator('GET', '/queries/shop.Name')).toEqual([200, 'new']);
});

it('gives a refusal by a handler its own code', async () => {
  const operator = shop(['operator']);
  expect(await operator('POST', '/commands/shop.Rename', { name: '' })).toMatchObject([
    422,
    { code: 'name-empty' },
  ]);
});
