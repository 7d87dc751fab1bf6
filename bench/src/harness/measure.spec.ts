import { expect, it } from 'vitest';
import { measure } from './measure.js';
import { Work } from './work.js';

const options = { rounds: 3, turnInMs: 0.01, chunk: 2 };

it('drives every case once per round, and leaves out the round that warms up', async () => {
  const work = new Work();
  const [one, two] = await measure(
    work,
    [
      { name: 'one', call: work.handle },
      { name: 'two', call: work.handle },
    ],
    options,
  );
  expect([one?.rates.length, two?.rates.length]).toEqual([3, 3]);
});

it('refuses a case whose calls were not handled', async () => {
  const idle = measure(new Work(), [{ name: 'idle', call: async () => undefined }], options);
  await expect(idle).rejects.toThrow("'idle' handled 0 of");
});
