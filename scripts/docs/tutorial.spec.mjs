import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The tutorial as its reader meets it: its own blocks in an empty folder, its own commands in its own order. Only
// npm is replaced, `npm install` by links to what this workspace has.
const root = fileURLToPath(new URL('../../', import.meta.url));
const tutorial = readFileSync(`${root}docs/tutorial.md`, 'utf8');
const files = [...tutorial.matchAll(/<!-- file: (\S+) -->\n```\w+\n([\s\S]*?)```/g)];
const commands = [...tutorial.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  block.trim().split('\n'),
);

const folder = mkdtempSync(join(tmpdir(), 'diptych-tutorial-'));
let server;
let url;

beforeAll(async () => {
  const settings = commands.flatMap((line) => /^npm pkg set (\S+)=(\S+)$/.exec(line)?.slice(1) ?? []);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(Object.fromEntries([settings])));
  for (const command of commands.filter((line) => line.startsWith('npm install'))) install(command);
  for (const [, path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  run(commands.find((line) => line === 'npx tsc'));
  const [, program] = commands.find((line) => line.startsWith('node ')).split(' ');
  server = spawn(process.execPath, [program], {
    cwd: folder,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  url = await firstLine(server);
}, 60_000);

afterAll(() => {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('the tutorial', () => {
  test('has a test of its own, which passes', () => {
    const output = run(commands.find((line) => line.startsWith('npx vitest')));
    expect(output).toMatch(/Tests\s+2 passed/);
  }, 60_000);

  test('lets its reader order something and look at it', async () => {
    const [order, look] = commands.filter((line) => line.startsWith('curl'));
    const answer = await curl(order);
    expect(answer.status).toBe(200);
    const after = answer.headers.get('Diptych-Consistency');
    expect(await toBake(after)).toContainEqual({ bread: 'rye', loaves: 2, orders: 1 });
    expect(await (await curl(look)).json()).toContainEqual({ bread: 'rye', loaves: 2, orders: 1 });
  });

  test('promise 5: shows what was ordered to whoever asks with the receipt', async () => {
    const response = await place({ bread: 'spelt', loaves: 3 });
    const { orderId } = (await response.json()).result;
    expect(orderId).not.toBe('');
    const after = response.headers.get('Diptych-Consistency');
    expect(await toBake(after)).toContainEqual({ bread: 'spelt', loaves: 3, orders: 1 });
  });

  test('tells what is refused from what is wrong, as it says', async () => {
    const refused = await place({ bread: 'rye', loaves: 21 });
    expect([refused.status, (await refused.json()).code]).toEqual([422, 'oven-too-small']);
    const wrong = await place({ bread: 'rye', loaves: 'many' });
    expect([wrong.status, (await wrong.json()).path]).toEqual([400, ['loaves']]);
  });

  test('ends with a page', async () => {
    const response = await fetch(url);
    expect(response.headers.get('Content-Type')).toContain('text/html');
    expect(await response.text()).toContain('To bake tomorrow');
  });

  const chromium = findChromium();
  test.runIf(chromium)(
    'promise 5: shows on its page, at once, what is ordered there',
    async () => {
      const { chromium: browsers } = createRequire(`${root}examples/ecommerce/package.json`)(
        'playwright-core',
      );
      const browser = await browsers.launch({ executablePath: chromium, args: ['--no-sandbox'] });
      try {
        const page = await browser.newPage();
        page.setDefaultTimeout(10_000);
        await page.goto(url);
        await page.getByLabel('Bread').fill('brioche');
        await page.getByLabel('Loaves').fill('4');
        const asked = page.waitForRequest((request) => 'diptych-after' in request.headers());
        await page.getByRole('button').click();
        const receipt = (await asked).headers()['diptych-after'];
        expect(await toBake(receipt)).toContainEqual({ bread: 'brioche', loaves: 4, orders: 1 });
        await page.getByRole('listitem').filter({ hasText: 'brioche: 4' }).waitFor();
        await page.getByLabel('Loaves').fill('21');
        await page.getByRole('button').click();
        await page.getByText('The oven takes 20 loaves').waitFor();
      } finally {
        await browser.close();
      }
    },
    30_000,
  );

  test('promise 8: ends its program in order when it is asked to', async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});

/** `npx` finds what is installed here; it is called directly, so that nothing is ever fetched. */
function run(command) {
  const [program, ...args] = command.split(' ');
  const [file, ...rest] =
    program === 'npx' ? [join(folder, 'node_modules/.bin', args[0]), ...args.slice(1)] : [program, ...args];
  try {
    const env = { ...process.env, NO_COLOR: '1' };
    return execFileSync(file, rest, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    throw new Error(`${command}\n${error.stdout}${error.stderr}`);
  }
}

function install(command) {
  const names = command
    .split(' ')
    .slice(2)
    .filter((word) => !word.startsWith('-'));
  for (const name of names) {
    const source = ['examples/ecommerce', '.']
      .map((place) => join(root, place, 'node_modules', name))
      .find(existsSync);
    if (source === undefined)
      throw new Error(`This workspace does not have '${name}', which the tutorial installs.`);
    link(source, join(folder, 'node_modules', name));
    const { bin } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    const programs = typeof bin === 'string' ? { [name]: bin } : (bin ?? {});
    for (const [program, path] of Object.entries(programs)) {
      link(join(source, path), join(folder, 'node_modules/.bin', program));
    }
  }
}

function link(source, target) {
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(source, target);
}

function firstLine(child) {
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => resolve(text.trim()));
    child.once('exit', (code) => reject(new Error(`The program ended with ${code}.`)));
  });
}

/** What a line with curl asks for, from the program that runs here. */
function curl(line) {
  const [, address] = /(http:\S+)/.exec(line);
  const header = / -H '(?<name>[^:]+): (?<value>[^']+)'/.exec(line)?.groups;
  const body = / -d '([^']+)'/.exec(line)?.[1];
  return fetch(address.replace('http://127.0.0.1:3000', url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: header === undefined ? {} : { [header.name]: header.value },
    ...(body !== undefined && { body }),
  });
}

function place(order) {
  return fetch(`${url}/commands/bakery.PlaceOrder`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(order),
  });
}

async function toBake(after) {
  const response = await fetch(`${url}/queries/bakery.ToBake`, { headers: { 'Diptych-After': after } });
  return response.json();
}

function findChromium() {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((place) => join(place, 'chromium'));
  return [process.env.CHROMIUM_PATH, ...onPath].find((path) => path && existsSync(path));
}
