// What would be published: each package's exports against its build, and its tarball as others would install it.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { pnpm } from '../pnpm.mjs';
import { collect, run } from '../run.mjs';
import { root, workspacePackages } from '../workspace.mjs';
import { exportFaults } from './exports.mjs';

const tarballs = `${root}.cache/tarballs`;

export async function checkPackages() {
  const published = workspacePackages().filter(({ manifest }) => !manifest.private);
  const faults = published.flatMap(({ folder, manifest }) =>
    exportFaults(`${root}${folder}`, manifest).map((fault) => `${manifest.name}: ${fault}`),
  );
  const packing = await pack(published);
  if (packing.length > 0) return [...faults, ...packing];
  for (const { folder, manifest } of published) {
    const tarball = `${tarballs}/${tarballName(manifest)}`;
    const found = [...(await publintFaults(folder, tarball)), ...(await attwFaults(tarball))];
    faults.push(...found.map((fault) => `${manifest.name}: ${fault}`));
  }
  return faults;
}

async function pack(published) {
  rmSync(tarballs, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  const filters = published.map(({ manifest }) => `--filter=${manifest.name}`);
  // pnpm's own pack, since only it writes versions in place of `workspace:` and `catalog:`.
  const { code, output } = await collect((onOutput) =>
    pnpm([...filters, '-r', 'pack', '--pack-destination', tarballs], { onOutput }),
  );
  if (code !== 0) return [`pnpm pack failed\n${output}`];
  const packed = readdirSync(tarballs);
  return published
    .filter(({ manifest }) => !packed.includes(tarballName(manifest)))
    .map(({ manifest }) => `pnpm pack made no ${tarballName(manifest)}`);
}

const tarballName = ({ name, version }) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

async function publintFaults(folder, tarball) {
  const bytes = readFileSync(tarball);
  const contents = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: contents }, strict: true, level: 'warning' });
  return messages.map((message) => `publint (${folder}): ${formatMessage(message, pkg, { color: false })}`);
}

async function attwFaults(tarball) {
  const command = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  const { code, output } = await collect((onOutput) =>
    run(process.execPath, [command, tarball, '--profile', 'esm-only', '--no-color'], { cwd: root, onOutput }),
  );
  return code === 0 ? [] : [`attw\n${output}`];
}
