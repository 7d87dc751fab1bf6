import type { Check, Line } from '../harness/line.js';
import { modulesLoadedBy } from './loaded-modules.js';

/** A whole program: it starts, runs a command and stops. */
const program = (handler: string) => `
  import 'reflect-metadata';
  import { anyone, CommandHandler, command, commandHandler, createApp } from '@diptych/core';
  import { memoryDatabase } from '@diptych/core/memory';
  class Place extends command('bench.Place').returns() {}
  class OnPlace {
    handle = async () => 'done';
  }
  const app = await createApp({ name: 'bench', handlers: [${handler}], database: memoryDatabase() });
  await app.start();
  if ((await app.commands.execute(new Place())) !== 'done') throw new Error('The command was not handled.');
  await app.stop();`;

const byFunction = program(`commandHandler(Place, { authorize: anyone }, async () => 'done')`);
const byInjectList = program(`(CommandHandler(Place, { authorize: anyone, inject: [] })(OnPlace), OnPlace)`);
/** With the mark that inversify's \`@injectable\` leaves, so that core has to load inversify to make the handler. */
const byInversify = program(`(
  CommandHandler(Place, { authorize: anyone })(OnPlace),
  Reflect.defineMetadata('@inversifyjs/core/classIsInjectableFlagReflectKey', true, OnPlace),
  OnPlace
)`);

/** A program pays for inversify, 372 files of it, only when a class of its own asks for it. */
export const inversify: Line = {
  id: 'imports/inversify',
  title: 'inversify is loaded only when something needs it',
  async run() {
    return {
      readings: [],
      comparisons: [],
      checks: [
        await check(
          'a program that registers by function loads none of it',
          byFunction,
          (files) => files === 0,
        ),
        await check('nor does one of classes with inject lists', byInjectList, (files) => files === 0),
        await check('a class with its decorators is seen to load it', byInversify, (files) => files > 0),
      ],
    };
  },
};

async function check(what: string, text: string, passes: (files: number) => boolean): Promise<Check> {
  const modules = await modulesLoadedBy(text);
  const files = modules.filter((url) => /\/node_modules\/(inversify|@inversifyjs)\//.test(url)).length;
  return { what, passed: passes(files), seen: `${files} files` };
}
