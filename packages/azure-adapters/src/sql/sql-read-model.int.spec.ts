import { type Copy, noMarks, type ReadModelDefinition } from '@diptych/core';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeTestPool, notRun, type SqlGround, serverUrl, sqlGround } from '../fixtures/sql-server.js';
import type { SqlReadModelHandle } from './sql-read-model.js';

const definition: ReadModelDefinition = { model: 'orders', version: 1, indexes: {} };
const copy: Copy = { model: 'orders', version: 1, generation: 1 };

describe.skipIf(serverUrl === undefined)(
  `a read model in SQL${serverUrl ? '' : `, not run: ${notRun}`}`,
  () => {
    let ground: SqlGround;
    beforeEach(async () => {
      ground = await sqlGround();
      await ground.database.readModels.create(definition, copy);
    });
    afterEach(() => ground.close());
    afterAll(closeTestPool);

    const put = (tenant: string, name: string) =>
      ground.database.readModels.write(copy, [
        { id: { tenant, name }, body: JSON.stringify({ name }), marks: noMarks, expectedRevision: undefined },
      ]);
    const handleOf = (tenant: string) =>
      ground.database.readModels.open(definition, copy, tenant).native() as SqlReadModelHandle;

    test('promise 9: a parameter of a query cannot name another tenant, or another copy', async () => {
      await put('one', 'mine');
      await put('two', 'theirs');
      const handle = handleOf('one');
      expect(await handle.all('SELECT id FROM documents WHERE @tenant = @tenant', { tenant: 'two' })).toEqual(
        [['mine']],
      );
      for (const name of ['diptych_tenant', 'DIPTYCH_COPY', '@diptych_subscription']) {
        const asked = async () => handle.all('SELECT id FROM documents', { [name]: 'two' });
        await expect(asked()).rejects.toMatchObject({ code: 'parameter-reserved', origin: 'programming' });
      }
    });

    test('promise 7: a copy that was dropped and made again by another process is read and fed as it is now', async () => {
      await put('one', 'old');
      const { readModels } = ground.database;
      const model = readModels.open<{ name: string }>(definition, copy, 'one');
      expect(await model.get('old')).toEqual({ name: 'old' });
      const other = await ground.again();
      await other.readModels.drop(copy);
      await other.readModels.create(definition, copy);
      await other.readModels.write(copy, [
        {
          id: { tenant: 'one', name: 'new' },
          body: '{"name":"new"}',
          marks: noMarks,
          expectedRevision: undefined,
        },
      ]);
      expect(await model.get('new')).toEqual({ name: 'new' });
      expect(await readModels.load(copy, [{ tenant: 'one', name: 'new' }])).toMatchObject([
        { body: '{"name":"new"}' },
      ]);
      await other.readModels.drop(copy);
      await expect(model.get('new')).rejects.toMatchObject({ code: 'copy-unknown' });
    });
  },
);
