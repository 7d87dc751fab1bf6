import { describe, expect, it, vi } from 'vitest';
import { CommandHandler, commandHandler } from '../commands/command-handler.js';
import { command } from '../messages/command.js';
import { type RegistrationBase, registrationOf } from './registration.js';
import { Resolver } from './resolver.js';

const loaded: string[] = [];
vi.mock('inversify', async (original) => {
  loaded.push('inversify');
  return await original();
});

class Ask extends command('spec.Ask').returns<number>() {}
class Plain {}

@CommandHandler(Ask, { inject: [Plain] })
class Listed {
  constructor(readonly plain: Plain) {}
  handle = () => 1;
}

describe('inversify', () => {
  it('is not loaded for functions and classes with an inject list', async () => {
    const registrations = [commandHandler(Ask, {}, () => 1), registrationOf(Listed) as RegistrationBase];
    const resolver = new Resolver();
    await resolver.prepare(registrations);
    expect(resolver.check(registrations)).toEqual([]);
    expect(loaded).toEqual([]);
    // That it would have been seen.
    await import('inversify');
    expect(loaded).toEqual(['inversify']);
  });
});
