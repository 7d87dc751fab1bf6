import assert from 'node:assert/strict';

const lsnOf = (token) => Number(token.split('#')[1]);

export const sessionChecks = {
  async 'each write of a container has a session token above the one before, and reads have that of what they saw'(
    context,
  ) {
    const container = await context.container();
    const tokens = [];
    for (const id of ['a', 'b']) {
      const { headers } = await container.items.create({ id, pk: 'p' });
      tokens.push(headers['x-ms-session-token']);
    }
    const { headers } = await container.item('b', 'p').read();
    tokens.push(headers['x-ms-session-token']);
    assert.match(tokens[0], /^\w+:-?\d+#\d+/);
    assert.ok(lsnOf(tokens[1]) > lsnOf(tokens[0]));
    assert.ok(lsnOf(tokens[2]) >= lsnOf(tokens[1]));
  },

  async 'another client that reads with the token of a write sees it'(context) {
    const container = await context.container();
    const { headers } = await container.items.create({ id: 'a', pk: 'p' });
    const sessionToken = headers['x-ms-session-token'];
    const other = context
      .newClient()
      .database((await context.database()).id)
      .container(container.id);
    assert.equal((await other.item('a', 'p').read({ sessionToken })).statusCode, 200);
    const query = other.items.query('SELECT * FROM c', { partitionKey: 'p', sessionToken });
    assert.equal((await query.fetchAll()).resources.length, 1);
  },

  async 'a read of a kilobyte costs 1, and all else more, the more the larger'(context) {
    const container = await context.container();
    const small = await container.items.create({ id: 'small', pk: 'p' });
    const large = await container.items.create({ id: 'large', pk: 'p', text: 'x'.repeat(100 * 1024) });
    const read = await container.item('small', 'p').read();
    const readLarge = await container.item('large', 'p').read();
    const query = await container.items.query('SELECT * FROM c', { partitionKey: 'p' }).fetchAll();
    assert.equal(read.requestCharge, 1);
    assert.ok(small.requestCharge > 4 && small.requestCharge < 12, String(small.requestCharge));
    assert.ok(large.requestCharge > 5 * small.requestCharge);
    assert.ok(readLarge.requestCharge > 5);
    assert.ok(query.requestCharge > 2);
  },
};
