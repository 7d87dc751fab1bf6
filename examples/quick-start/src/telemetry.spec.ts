import type { Logger, Telemetry } from '@diptych/core';
import { testApp } from '@diptych/testing';
import { expect, test } from 'vitest';
import { Deposit, handlers, Withdraw } from './accounts.js';

const subject = { id: 'ada', roles: [] };

// #region logger
test('a line for each message: what was refused is no error', async () => {
  const lines: unknown[] = [];
  const line =
    (level: string) =>
    (message: string, { wireName, code }: Readonly<Record<string, unknown>>) => {
      if (wireName !== undefined) lines.push({ level, message, wireName, code });
    };
  const logger: Logger = {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
  };
  const bank = await testApp({ handlers, logger });
  await bank.commands.execute(new Deposit({ account: 'ada', cents: 500 }), { subject });
  await bank.commands
    .execute(new Withdraw({ account: 'ada', cents: 501 }), { subject })
    .catch(() => undefined);
  expect(lines).toEqual([
    { level: 'debug', message: 'handled', wireName: 'bank.Deposit', code: undefined },
    { level: 'info', message: 'refused', wireName: 'bank.Withdraw', code: 'overdrawn' },
  ]);
  await bank.stop();
});
// #endregion

// #region telemetry
test('durations are measured by kind, wire name and outcome', async () => {
  const measured: unknown[] = [];
  const telemetry: Telemetry = {
    span: (_options, work) => work({ context: {}, setAttribute: () => undefined }),
    histogram: (name) => (_value, attributes) => void measured.push({ name, ...attributes }),
    counter: () => () => undefined,
    gauge: () => () => undefined,
  };
  const bank = await testApp({ handlers, telemetry });
  await bank.commands.execute(new Deposit({ account: 'ada', cents: 500 }), { subject });
  expect(measured).toContainEqual({
    name: 'diptych.command.duration',
    'diptych.message.kind': 'command',
    'diptych.message.name': 'bank.Deposit',
    'diptych.outcome': 'ok',
  });
  await bank.stop();
});
// #endregion
