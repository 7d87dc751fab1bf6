// Which file may import which, as rules for dependency-cruiser. All take paths relative to the repository.

const specFile = String.raw`\.(spec|test-d)\.ts$`;
/** What specs share is not shipped, and may import what they may. */
const fixtures = '/src/fixtures/';
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const anyOf = (names) => `(?:${names.map(literal).join('|')})`;

/** What each package may import of ours, apart from itself. Examples and benchmarks may import all. */
const packagesAllowed = {
  core: [],
  testing: ['core'],
  'sqlite-adapters': ['core'],
  'azure-adapters': ['core'],
  'azure-emulators': [],
};

/**
 * A folder may import the folders that `layers` lists before it, and itself. `source` is the folder of them all.
 * An `index.ts` is an entry: it may import anything, and nothing imports it.
 */
export function layerRules(source, layers) {
  const root = literal(source);
  return [
    ...layers.map((layer, index) => ({
      name: `layer-${layer}`,
      comment: `${layer} may import only the layers listed before it in layers.json`,
      severity: 'error',
      from: { path: `^${root}/${literal(layer)}/`, pathNot: [specFile, String.raw`/index\.ts$`] },
      to: { path: `^${root}/`, pathNot: `^${root}/${anyOf(layers.slice(0, index + 1))}/` },
    })),
    {
      name: 'layer-unlisted',
      comment: 'a folder that layers.json does not list has no place in the order',
      severity: 'error',
      from: {},
      to: { path: `^${root}/`, pathNot: String.raw`^${root}/(?:${anyOf(layers)}/|index\.ts$)` },
    },
    {
      name: 'layer-unlisted-importer',
      comment: 'a folder that layers.json does not list has no place in the order',
      severity: 'error',
      from: {
        path: `^${root}/`,
        pathNot: [specFile, String.raw`^${root}/(?:${anyOf(layers)}/|index\.ts$)`],
      },
      to: {},
    },
  ];
}

export const packageRules = [
  {
    name: 'no-circles',
    comment: 'type imports count: a circle of types is a circle in the reader’s head',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-folder-index',
    comment: 'inside a package import the file itself; an index.ts is only for other packages',
    severity: 'error',
    from: { path: '^(packages/[^/]+)/src/' },
    to: { path: [String.raw`^$1/src/index\.ts$`, String.raw`^$1/src/.+/index\.ts$`] },
  },
  {
    name: 'no-drawers',
    comment: 'name a folder or file after what it does',
    severity: 'error',
    from: {},
    to: {
      path: String.raw`^(?:packages|examples|bench)/.*/(?:utils|common|helpers|types|interfaces)(?:/|\.ts$)`,
      pathNot: ['node_modules', '/dist/'],
    },
  },
  {
    name: 'public-entries-only',
    comment: 'import another package by its name, never a file in it',
    severity: 'error',
    from: { path: '^((?:packages|examples)/[^/]+|bench)/' },
    to: { path: '^(?:packages|examples|bench)/', pathNot: ['^$1/', '/dist/'] },
  },
  {
    name: 'no-relative-import-of-a-package',
    comment: 'import another package by its name, never by a path',
    severity: 'error',
    from: { path: '^((?:packages|examples)/[^/]+|bench)/' },
    to: { path: '^(?:packages|examples|bench)/', pathNot: '^$1/', dependencyTypes: ['local'] },
  },
  {
    name: 'no-own-build',
    comment: 'a package imports its own sources by path, not its built entry',
    severity: 'error',
    from: { path: '^((?:packages|examples)/[^/]+|bench)/src/', pathNot: specFile },
    to: { path: '^$1/dist/' },
  },
  {
    name: 'resolvable',
    comment: 'an import that cannot be found cannot be checked either',
    severity: 'error',
    from: { path: '^(?:packages|examples|bench)/' },
    to: { couldNotResolve: true },
  },
  {
    name: 'core-without-runtime',
    comment: 'core runs wherever JavaScript and AsyncLocalStorage do',
    severity: 'error',
    from: { path: '^packages/core/src/', pathNot: specFile },
    to: { dependencyTypes: ['core'], pathNot: '^(?:node:)?async_hooks$' },
  },
  ...Object.entries(packagesAllowed).map(([name, allowed]) => ({
    name: `package-${name}`,
    comment: `${name} may import of ours: ${allowed.join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: `^packages/${name}/src/`, pathNot: [specFile, fixtures] },
    to: {
      path: '^(?:packages|examples|bench)/',
      pathNot: `^packages/${anyOf([name, ...allowed])}/`,
    },
  })),
];

/** Each folder that has a subpath of its own stands for one service, and never imports another such folder. */
export function serviceRules(folder, services) {
  if (services.length === 0) return [];
  const service = `^${literal(folder)}/src/(${anyOf(services)})/`;
  return [
    {
      name: 'one-service-one-folder',
      comment: 'importing one subpath loads one SDK: what two services share belongs in a folder of its own',
      severity: 'error',
      from: { path: service, pathNot: specFile },
      to: { path: service, pathNot: `^${literal(folder)}/src/$1/` },
    },
  ];
}
