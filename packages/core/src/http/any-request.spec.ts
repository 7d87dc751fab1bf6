import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { command } from '../messages/command.js';
import { query } from '../messages/query.js';
import type { HttpApp } from './http-app.js';
import { httpHandler } from './http-handler.js';

class Note extends command('any.Note', z.object({ text: z.string() })) {}
class Find extends query('any.Find', z.looseObject({ limit: z.number().optional() })) {}

const errors: unknown[] = [];
const app = {
  commands: {
    dispatch: async () => ({ result: undefined, messageId: 'm', consistency: 'i' }),
    send: async (_command: object, { id }: { id: string }) => ({ messageId: id }),
  },
  queries: { execute: async (query: object) => ({ ...query }) },
  messages: {
    find(kind: string, name: string) {
      if (kind === 'command') return name === 'any.Note' ? { type: Note, reach: 'public' } : undefined;
      return name === 'any.Find' ? { type: Find, reach: 'public' } : undefined;
    },
  },
  commandStatus: async () => ({ state: 'pending' }),
} as unknown as HttpApp;
const handle = httpHandler({ app, identify: () => undefined, onError: (error) => errors.push(error) });

/** Whatever was sent, the answer is a success or a problem of the caller's with a code, and shows no inside. */
async function checkAnswer(request: Request): Promise<void> {
  const response = await handle(request);
  const text = await response.text();
  expect(errors).toEqual([]);
  expect(response.status).toBeLessThan(500);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  if (response.status < 400) return;
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  if (request.method === 'HEAD') return expect(text).toBe('');
  const problem = JSON.parse(text);
  expect(problem).toMatchObject({
    type: 'about:blank',
    status: response.status,
    code: expect.stringMatching(/^[a-z-]+$/),
  });
  expect(problem).not.toHaveProperty('stack');
  expect(problem.code).not.toBe('internal');
}

const commandUrl = 'http://any.test/commands/any.Note';
const queryUrl = 'http://any.test/queries/any.Find';
const byteString = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
});
const runs = { numRuns: process.env.DIPTYCH_LONG === '1' ? 3_000 : 150 };

/** What a `Request` refuses to be made of cannot arrive. */
function requestOf(url: string, init: RequestInit): Request | undefined {
  try {
    return new Request(url, init);
  } catch {
    return undefined;
  }
}

async function checkIfPossible(url: string, init: RequestInit): Promise<void> {
  const request = requestOf(url, init);
  if (request !== undefined) await checkAnswer(request);
}

describe('any request at all', () => {
  it('gets a proper answer with any bytes as its body', async () => {
    const sent = (body: Uint8Array) => ({
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (body) => checkIfPossible(commandUrl, sent(body))),
      runs,
    );
  });

  it('gets a proper answer with any JSON as its body', async () => {
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'prototype', 'text', 'polluted'),
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), fc.array(tie('value')), tie('object')),
      object: fc.array(fc.tuple(key, tie('value'))).map((entries) => {
        const object = Object.create(null) as Record<string, unknown>;
        for (const [name, inner] of entries) {
          Object.defineProperty(object, name, { value: inner, enumerable: true, configurable: true });
        }
        return object;
      }),
    })).value;
    const headers = { 'content-type': 'application/json' };
    const check = async (body: unknown) => {
      for (const url of [commandUrl, queryUrl]) {
        await checkIfPossible(url, { method: 'POST', body: JSON.stringify(body), headers });
      }
    };
    await fc.assert(fc.asyncProperty(value, check), runs);
  });

  it('gets a proper answer with any header values', async () => {
    const names = [
      'content-type',
      'content-encoding',
      'content-length',
      'idempotency-key',
      'prefer',
      'diptych-after',
      'if-none-match',
      'traceparent',
      'tracestate',
      'authorization',
    ];
    const text = fc.oneof(
      byteString,
      fc.constantFrom('respond-async', '-1', '1e9', 'application/json', 'i;1:0', '"'),
    );
    const headers = fc.dictionary(fc.constantFrom(...names), text);
    const check = async (given: Record<string, string>) => {
      await checkIfPossible(commandUrl, { method: 'POST', headers: given, body: '{"text":"a"}' });
      await checkIfPossible(queryUrl, { headers: given });
    };
    await fc.assert(fc.asyncProperty(headers, check), runs);
  });

  it('gets a proper answer at any path, with any parameters and method', async () => {
    const start = fc.constantFrom(
      '/',
      '/commands/',
      '/queries/',
      '/commands/status/',
      '/queries/any.Find?',
      '/%',
    );
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'BREW');
    const pieces = fc.constantFrom(
      '%',
      '%ff',
      '%2F',
      '..',
      '/',
      '?',
      '=',
      '&',
      '#',
      'any.Note',
      '__proto__',
      '{"a":',
    );
    const rest = fc.oneof(
      fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }))).map((parts) => parts.join('')),
      fc.webQueryParameters(),
      byteString,
    );
    await fc.assert(
      fc.asyncProperty(start, rest, method, (path, text, verb) =>
        checkIfPossible(`http://any.test${path}${text}`, { method: verb }),
      ),
      runs,
    );
  });
});
