import { atLeast, compare, compareWithPeer } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { injectedCommand } from '../ours/injected-command.js';
import { nestPeer } from '../peers/nest.js';

/** A handler that is made anew for each message, with what it depends on, against one that is made once. */
export const requestScope: Line = {
  id: 'buses/request-scope',
  title: 'Request-scoped handler, with a singleton and a request-scoped dependency',
  async run() {
    const work = new Work();
    const nest = await nestPeer(work, 1);
    const nestRequest = await nestPeer(work, 1, { requestScoped: true });
    const measurements = await measure(work, [
      { name: 'Diptych, singleton', call: injectedCommand(work, 'singleton') },
      { name: 'Diptych, request', call: injectedCommand(work, 'request') },
      { name: '@nestjs/cqrs, singleton', call: nest.command },
      { name: '@nestjs/cqrs, request', call: nestRequest.command },
    ]);
    const singleton = named(measurements, 'Diptych, singleton');
    const request = named(measurements, 'Diptych, request');
    return {
      readings: readingsOf(measurements),
      comparisons: [
        compare('request-scoped / singleton handler', ratioOf(request.rates, singleton.rates), atLeast(0.5)),
        compareWithPeer(
          'request-scoped handler / @nestjs/cqrs',
          request,
          named(measurements, '@nestjs/cqrs, request'),
        ),
      ],
    };
  },
};
