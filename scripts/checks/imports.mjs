// Layers, circles and package boundaries, found by dependency-cruiser with type imports included.
import { existsSync, readFileSync } from 'node:fs';
import { cruise } from 'dependency-cruiser';
import { root, workspacePackages } from '../workspace.mjs';
import { layerRules, packageRules, serviceRules } from './import-rules.mjs';

const coreSource = 'packages/core/src';

/** Faults, one line each, in the imports of these folders. */
export async function importFaults(folders, rules, baseDir = root) {
  const { output } = await cruise(
    folders,
    {
      baseDir,
      validate: true,
      ruleSet: { forbidden: rules },
      tsPreCompilationDeps: true,
      detectJSDocImports: false,
      doNotFollow: { path: ['node_modules', '/dist/'] },
      exclude: { path: '/dist/.+/dist/' },
      enhancedResolveOptions: {
        exportsFields: ['exports'],
        conditionNames: ['types', 'import', 'default'],
        extensions: ['.ts', '.mts', '.d.ts', '.js', '.mjs'],
      },
    },
    { extensionAlias: { '.js': ['.ts', '.js'], '.mjs': ['.mts', '.mjs'] } },
  );
  return output.summary.violations.map(({ from, to, rule, cycle }) => {
    const path = cycle ? [from, ...cycle.map(({ name }) => name)].join(' → ') : `${from} → ${to}`;
    const { comment } = rules.find(({ name }) => name === rule.name);
    return `${rule.name}: ${path}\n    ${comment}`;
  });
}

export async function checkImports() {
  const { layers } = JSON.parse(readFileSync(`${root}${coreSource}/layers.json`, 'utf8'));
  const missing = layers.filter((layer) => !existsSync(`${root}${coreSource}/${layer}`));
  const packages = workspacePackages();
  const faults = await importFaults(
    packages.map(({ folder }) => `${folder}/src`).filter((folder) => existsSync(root + folder)),
    [...layerRules(coreSource, layers), ...packageRules, ...packages.flatMap(rulesOfServices)],
  );
  return [...missing.map((layer) => `layers.json lists ${layer}, but there is no such folder`), ...faults];
}

function rulesOfServices({ folder, manifest }) {
  if (folder !== 'packages/azure-adapters') return [];
  const services = Object.keys(manifest.exports)
    .filter((subpath) => subpath !== '.' && subpath !== './package.json')
    .map((subpath) => subpath.slice('./'.length));
  return serviceRules(folder, services);
}
