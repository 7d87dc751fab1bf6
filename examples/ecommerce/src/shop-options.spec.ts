import { describe, expect, it } from 'vitest';
import { shopOptions, UsageError } from './shop-options.js';

describe('how the shop is called', () => {
  it('serves on port 3000 when nothing is said', () => {
    expect(shopOptions([], {})).toEqual({
      imports: [],
      exit: false,
      json: false,
      help: false,
      port: 3000,
      data: expect.stringMatching(/ecommerce\/\.data$/),
      sql: undefined,
      redis: undefined,
      cosmos: undefined,
      search: undefined,
      profile: 'local',
      serviceBus: undefined,
      events: 'service-bus',
      eventGrid: undefined,
      hookKey: undefined,
      roles: undefined,
    });
  });

  it('honours PORT, 0 included', () => {
    expect(shopOptions([], { PORT: '0' }).port).toBe(0);
    expect(shopOptions([], { PORT: '8080' }).port).toBe(8080);
  });

  it('imports files in the order given', () => {
    const options = shopOptions(['--import', 'a.csv', '--import', 'b.csv', '--json', '--exit'], {});
    expect(options).toMatchObject({ imports: ['a.csv', 'b.csv'], exit: true, json: true });
  });

  it('keeps its data in the database that SHOP_SQL_URL names, and with --memory not even there', () => {
    const SHOP_SQL_URL = 'Server=example;Database=shop';
    expect(shopOptions([], { SHOP_SQL_URL }).sql).toEqual({ url: SHOP_SQL_URL, schema: 'shop' });
    expect(shopOptions([], { SHOP_SQL_URL, SHOP_SQL_SCHEMA: 'other' }).sql?.schema).toBe('other');
    expect(shopOptions([], { SHOP_SQL_URL: '' }).sql).toBeUndefined();
    expect(shopOptions(['--memory'], { SHOP_SQL_URL }).sql).toBeUndefined();
  });

  it('keeps the details of orders in the Redis that SHOP_REDIS names', () => {
    expect(shopOptions([], { SHOP_REDIS: 'redis://127.0.0.1' }).redis).toBe('redis://127.0.0.1');
    expect(shopOptions([], { SHOP_REDIS: '' }).redis).toBeUndefined();
  });

  it('keeps its data where SHOP_DATA says, or with --memory nowhere', () => {
    expect(shopOptions([], { SHOP_DATA: '/data' }).data).toBe('/data');
    expect(shopOptions([], { SHOP_DATA: '' }).data).toMatch(/ecommerce\/\.data$/);
    expect(shopOptions(['--memory'], { SHOP_DATA: '/data' }).data).toBeUndefined();
  });

  it('runs the roles that are named', () => {
    expect(shopOptions(['--roles', 'relay, queries'], {}).roles).toEqual(['relay', 'queries']);
  });

  it('uses the brokers that are named', () => {
    const SHOP_SERVICE_BUS = 'Endpoint=sb://shop';
    expect(shopOptions(['--profile', 'emulated'], {}).profile).toBe('emulated');
    expect(shopOptions([], { SHOP_SERVICE_BUS }).serviceBus).toBe(SHOP_SERVICE_BUS);
    expect(shopOptions([], { SHOP_SERVICE_BUS: '' }).serviceBus).toBeUndefined();
    const SHOP_EVENT_GRID = 'Endpoint=https://shop.eventgrid.azure.net/api/events;Key=a=b';
    expect(shopOptions([], { SHOP_EVENTS: 'event-grid', SHOP_EVENT_GRID })).toMatchObject({
      events: 'event-grid',
      eventGrid: { endpoint: 'https://shop.eventgrid.azure.net/api/events', key: 'a=b' },
    });
  });

  it.each([
    [['--profile', 'real'], {}],
    [[], { SHOP_EVENTS: 'pigeon' }],
    [[], { SHOP_EVENT_GRID: 'https://shop.eventgrid.azure.net' }],
    [['--roles', 'cook'], {}],
    [['--roles', ''], {}],
    [['--roles', 'queries', '--import', 'a.csv'], {}],
    [['--exit'], {}],
    [['--json'], {}],
    [['--import'], {}],
    [['--inport', 'a.csv'], {}],
    [['a.csv'], {}],
    [[], { PORT: 'http' }],
    [[], { PORT: '65536' }],
    [[], { PORT: '' }],
  ])('refuses %j with %j', (args, environment) => {
    expect(() => shopOptions(args, environment)).toThrow(UsageError);
  });
});
