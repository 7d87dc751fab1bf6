import 'reflect-metadata';
import { Injectable, Module, Scope } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Command,
  CommandBus,
  CommandHandler,
  CqrsModule,
  EventBus,
  EventsHandler,
  Query,
  QueryBus,
  QueryHandler,
} from '@nestjs/cqrs';
import type { Work } from '../harness/work.js';

export interface NestPeer {
  command(): Promise<unknown>;
  query(): Promise<unknown>;
  /** Resolves when the handler is done, which `EventBus.publish` itself does not wait for. */
  event(): Promise<void>;
  close(): Promise<void>;
}

export interface NestOptions {
  /** Handlers made anew for each message, which rebuilds Nest's tree of dependencies each time. */
  readonly requestScoped?: boolean;
}

/** @nestjs/cqrs with so many registered types of each kind; the last of them is driven. */
export async function nestPeer(work: Work, width: number, options: NestOptions = {}): Promise<NestPeer> {
  const types = Array.from({ length: width }, () => handledTypes(work, options));
  const { Place, Find, Placed } = types.at(-1)!;

  class App {}
  Module({ imports: [CqrsModule.forRoot()], providers: types.flatMap(({ providers }) => providers) })(App);
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  await app.init(); // before it no handler is registered

  const commands = app.get(CommandBus);
  const queries = app.get(QueryBus);
  const events = app.get(EventBus);
  return {
    command: () => commands.execute(new Place()),
    query: () => queries.execute(new Find()),
    event: () => {
      const handled = work.handled + 1;
      events.publish(new Placed());
      return until(work, handled);
    },
    close: () => app.close(),
  };
}

function handledTypes(work: Work, { requestScoped = false }: NestOptions) {
  class Place extends Command<string> {}
  class Find extends Query<string> {}
  class Placed {}
  class OnPlace {
    execute() {
      return work.handle();
    }
  }
  class OnFind {
    execute() {
      return work.handle();
    }
  }
  class OnPlaced {
    handle() {
      return work.handle();
    }
  }
  CommandHandler(Place)(OnPlace);
  QueryHandler(Find)(OnFind);
  EventsHandler(Placed)(OnPlaced);
  const providers = [OnPlace, OnFind, OnPlaced];
  if (requestScoped) for (const provider of providers) Injectable({ scope: Scope.REQUEST })(provider);
  return { Place, Find, Placed, providers };
}

async function until(work: Work, handled: number): Promise<void> {
  while (work.handled < handled) await null;
}
