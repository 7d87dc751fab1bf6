import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { allRoles, type Role } from '@diptych/core';

export interface ShopOptions {
  /** Invoice files to replay, in this order. */
  readonly imports: readonly string[];
  /** End once the files are imported and every read model has caught up. */
  readonly exit: boolean;
  /** Print the summary of the import as JSON, on the last line of stdout. */
  readonly json: boolean;
  readonly help: boolean;
  /** 0 for any that is free. */
  readonly port: number;
  /** The folder of the shop's data; `undefined` to keep everything in memory. */
  readonly data: string | undefined;
  /** An Azure SQL database to keep the data in, in place of the folder; `undefined` for none. */
  readonly sql: { readonly url: string; readonly schema: string } | undefined;
  /** The URL of a Redis for the details of orders; `undefined` for none, or the profile's. */
  readonly redis: string | undefined;
  /** The connection string of an account of Cosmos DB for the lists of orders; `undefined` for none, or the profile's. */
  readonly cosmos: string | undefined;
  /** An AI Search service, by which products are found; `undefined` for none, or the profile's. */
  readonly search: { readonly endpoint: string; readonly key: string } | undefined;
  /** `emulated`: with the services of Azure that it uses, as emulators in a process of their own. */
  readonly profile: 'local' | 'emulated';
  /** The connection string of a Service Bus namespace; `undefined` for none, or the profile's. */
  readonly serviceBus: string | undefined;
  /** What events go over, where there is a choice. */
  readonly events: 'service-bus' | 'event-grid';
  /** A custom topic of Event Grid; `undefined` for none, or the profile's. */
  readonly eventGrid: { readonly endpoint: string; readonly key: string } | undefined;
  /** What Event Grid names when it calls; `undefined` for another one each time. */
  readonly hookKey: string | undefined;
  /** What of the shop runs in this process; `undefined` for all of it. */
  readonly roles: readonly Role[] | undefined;
}

/** Beside `src` and `dist`, wherever the shop is started from. */
const defaultData = fileURLToPath(new URL('../.data', import.meta.url));

export const usage = `npm run shop -- [--import <file.csv>]… [--exit] [--json] [--memory] [--roles <roles>]
                [--profile emulated]

  --import <file>  replay an invoice file as commands; may be given more than once
  --exit           with --import: end once every read model has caught up
  --json           with --import: print the summary as JSON, last on stdout
  --memory         keep nothing: all of it is gone when the shop ends
  --roles <roles>  run only these, with commas between them: ${allRoles.join(', ')}.
                   Several shops on one folder share the work. Default: all.
  --profile emulated
                   use emulators of Azure's services, which are started for it. What other shops are to have
                   in their environment to use the same one is printed on stderr.

  PORT             where to listen on 127.0.0.1; 0 picks a free port. Default 3000.
  SHOP_DATA        the folder of its data, made when it is not there. Default examples/ecommerce/.data.
  SHOP_SQL_URL     the connection string of an Azure SQL database for its data, in place of the folder.
  SHOP_SQL_SCHEMA  the schema there, made when it is not there. Default shop.
  SHOP_REDIS       the URL of a Redis for the details of orders. Default: none; they are kept with all else.
  SHOP_COSMOS      the connection string of an account of Cosmos DB for the lists of orders. Default: none.
  SHOP_SEARCH      Endpoint=<of an AI Search service>;Key=<an admin key>, to find products by. Default: none.
  SHOP_SERVICE_BUS the connection string of a Service Bus namespace for its events and commands. Default: none.
  SHOP_EVENTS      what events go over, service-bus or event-grid. Default service-bus.
  SHOP_EVENT_GRID  Endpoint=<of a custom topic>;Key=<its key>. Its subscription posts to /event-grid?key=…
  SHOP_EVENT_GRID_HOOK_KEY  that key. Default: another one each time.`;

/** The shop was called in a way that it does not understand. */
export class UsageError extends Error {}

/** @throws UsageError. */
export function shopOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ShopOptions {
  const { values } = parse(args);
  const imports = values.import ?? [];
  const { exit = false, json = false, help = false, memory = false } = values;
  if (imports.length === 0 && (exit || json))
    throw new UsageError('--exit and --json need --import <file.csv>.');
  const roles = rolesOf(values.roles);
  if (imports.length > 0 && roles?.includes('commands') === false)
    throw new UsageError("--import needs the role 'commands'.");
  const data = memory ? undefined : environment.SHOP_DATA || defaultData;
  const sql = memory ? undefined : sqlOptions(environment);
  const serviceBus = environment.SHOP_SERVICE_BUS || undefined;
  const profile = profileOf(values.profile);
  const brokers = { profile, serviceBus, ...eventOptions(environment) };
  const readModels = readModelOptions(environment);
  const port = portOf(environment.PORT);
  return { imports, exit, json, help, port, data, sql, ...readModels, ...brokers, roles };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        import: { type: 'string', multiple: true },
        exit: { type: 'boolean' },
        json: { type: 'boolean' },
        memory: { type: 'boolean' },
        roles: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function portOf(text = '3000'): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new UsageError(`PORT '${text}' is no port number.`);
  return Number(text);
}

function sqlOptions({
  SHOP_SQL_URL: url,
  SHOP_SQL_SCHEMA: schema,
}: Readonly<Record<string, string | undefined>>): ShopOptions['sql'] {
  return url ? { url, schema: schema || 'shop' } : undefined;
}

function readModelOptions({
  SHOP_REDIS: redis,
  SHOP_COSMOS: cosmos,
  SHOP_SEARCH: search,
}: Readonly<Record<string, string | undefined>>): Pick<ShopOptions, 'redis' | 'cosmos' | 'search'> {
  return {
    redis: redis || undefined,
    cosmos: cosmos || undefined,
    search: endpointAndKey('SHOP_SEARCH', search),
  };
}

function eventOptions({
  SHOP_EVENTS: events = 'service-bus',
  SHOP_EVENT_GRID: grid,
  SHOP_EVENT_GRID_HOOK_KEY: hookKey,
}: Readonly<Record<string, string | undefined>>): Pick<ShopOptions, 'events' | 'eventGrid' | 'hookKey'> {
  if (events !== 'service-bus' && events !== 'event-grid')
    throw new UsageError(`SHOP_EVENTS '${events}' is neither service-bus nor event-grid.`);
  const eventGrid = endpointAndKey('SHOP_EVENT_GRID', grid);
  return { events, eventGrid, hookKey: hookKey || undefined };
}

function endpointAndKey(
  variable: string,
  text: string | undefined,
): { readonly endpoint: string; readonly key: string } | undefined {
  if (!text) return undefined;
  const [, endpoint, key] = /^Endpoint=(https?:\/\/[^;]+);Key=(.+)$/.exec(text) ?? [];
  if (endpoint !== undefined && key !== undefined) return { endpoint, key };
  throw new UsageError(`${variable} is not Endpoint=https://…;Key=….`);
}

function profileOf(text = 'local'): ShopOptions['profile'] {
  if (text === 'local' || text === 'emulated') return text;
  throw new UsageError(`There is no profile '${text}'; there are local and emulated.`);
}

function rolesOf(text: string | undefined): readonly Role[] | undefined {
  if (text === undefined) return undefined;
  return text.split(',').map((word) => {
    const role = allRoles.find((known) => known === word.trim());
    if (role === undefined) throw new UsageError(`There is no role '${word}' among ${allRoles.join(', ')}.`);
    return role;
  });
}
