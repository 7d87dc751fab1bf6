import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../clock/system-clock.js';
import { command } from '../messages/command.js';
import { EnvelopeFactory } from '../messages/envelope-factory.js';
import { definitionOf } from '../messages/message.js';
import { LightSignal } from './abortable.js';
import { MessageContext } from './message-context.js';

const definition = definitionOf(command('test.Place'))!;
const envelopes = new EnvelopeFactory({ source: 'test', clock: systemClock });

describe('a light signal', () => {
  it('tells its listeners once, with the reason', () => {
    const signal = new LightSignal();
    const [heard, gone] = [vi.fn(), vi.fn()];
    signal.addEventListener('abort', heard);
    signal.addEventListener('abort', gone);
    signal.removeEventListener('abort', gone);
    signal.abort('first');
    signal.abort('second');
    expect([heard.mock.calls.length, gone.mock.calls.length]).toEqual([1, 0]);
    expect([signal.aborted, signal.reason]).toEqual([true, 'first']);
  });
});

describe('what the framework waits with', () => {
  it('is aborted with the context, before or after it was asked for', () => {
    const before = new MessageContext(definition, envelopes, undefined);
    before.abort('over');
    const after = new MessageContext(definition, envelopes, undefined);
    const { abortable } = after;
    after.abort('over');
    expect([before.abortable.reason, abortable.reason]).toEqual(['over', 'over']);
  });

  it('is aborted together with the signal that a handler asks for later', () => {
    const context = new MessageContext(definition, envelopes, undefined);
    const { abortable, abortSignal } = context;
    context.abort('over');
    expect([abortable.reason, abortSignal.reason]).toEqual(['over', 'over']);
  });

  it('is aborted when the caller goes', () => {
    const caller = new AbortController();
    const context = new MessageContext(definition, envelopes, { abortSignal: caller.signal });
    const { abortable } = context;
    caller.abort('gone');
    expect(abortable.aborted).toBe(true);
  });
});
