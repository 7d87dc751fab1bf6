import assert from 'node:assert/strict';
import { ask, assertStatus } from './harness.mjs';

const wrong = {
  'no query': [
    '',
    'SELECT',
    'DELETE FROM c',
    'SELECT * FROM',
    'SELECT * FROM c WHERE',
    'SELECT * FROM c; SELECT 1',
  ],
  'unknown names': ['SELECT x.a FROM c', 'SELECT * FROM c WHERE a = 1', 'SELECT NO_SUCH(c.a) FROM c'],
  'wrong numbers of values': ['SELECT LOWER() FROM c', 'SELECT VALUE STARTSWITH(c.a) FROM c'],
  'a parameter without a value': ['SELECT * FROM c WHERE c.a = @missing'],
  'sorting without an index': [
    'SELECT * FROM c ORDER BY c.a, c.b',
    'SELECT * FROM c ORDER BY c.a + 1',
    'SELECT * FROM c ORDER BY c._etag',
    'SELECT * FROM c JOIN l IN c.lines ORDER BY l.n',
  ],
  'what does not go together': [
    'SELECT * FROM c GROUP BY c.a',
    'SELECT c.b FROM c GROUP BY c.a',
    'SELECT c.a, COUNT(1) FROM c',
    'SELECT c.a FROM c GROUP BY c.a ORDER BY c.a',
    'SELECT TOP 1 * FROM c OFFSET 0 LIMIT 1',
    'SELECT * FROM c JOIN l IN c.lines',
    'SELECT c.a, c.b AS a FROM c',
    'SELECT * FROM c WHERE COUNT(1) > 1',
  ],
  'what numbers of rows cannot be': ['SELECT TOP -1 * FROM c', 'SELECT * FROM c OFFSET 1.5 LIMIT 1'],
};

export const refusedQueryChecks = {
  ...Object.fromEntries(
    Object.entries(wrong).map(([name, queries]) => [
      name,
      async (context) => {
        const container = await context.containerWith([{ id: 'a' }]);
        for (const query of queries) await assertStatus(400, ask(container, query));
      },
    ]),
  ),

  async 'are told what is wrong'(context) {
    const container = await context.containerWith([{ id: 'a' }]);
    await assert.rejects(ask(container, 'SELECT * FROM c WHERE c.a = = 1'), (error) => {
      assert.equal(error.code, 400);
      assert.equal(error.body.code, 'BadRequest');
      assert.match(error.message, /Syntax error, incorrect syntax near '='/);
      return true;
    });
  },

  async 'a token of another query or of none'(context) {
    const container = await context.containerWith(['a', 'b', 'c'].map((id) => ({ id })));
    const page = (query, continuationToken, partitionKey = 'p') =>
      container.items.query(query, { partitionKey, maxItemCount: 1, continuationToken }).fetchNext();
    const { continuationToken } = await page('SELECT * FROM c');
    assert.equal((await page('SELECT * FROM c', continuationToken)).resources[0].id, 'b');
    await assertStatus(400, page('SELECT c.id FROM c', continuationToken));
    await assertStatus(400, page('SELECT * FROM c', continuationToken, 'q'));
    for (const token of ['x', '{}', continuationToken.slice(2), `${continuationToken}x`]) {
      await assertStatus(400, page('SELECT * FROM c', token));
    }
  },
};
