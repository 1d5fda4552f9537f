// Who may import whom. scripts/gates/planted.test.ts plants a violation of every rule named here and expects it to be reported.
const TEST = '\\.test\\.tsx?$';
const GENERATED = '^main/codec/proto/';
/** Code that never ships may reach anything; what pbjs writes is not ours to change. */
const DEV = ['^main/testing/', '^(e2e|scripts|bench)/', TEST, GENERATED];
/** The entries and composition roots: main/*.ts. */
const ROOTS = '^main/[^/]+\\.ts$';
const PACKAGES = 'node_modules';

/** `folder` may import only the given folders (and packages and Node, which other rules restrict). */
const layer = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: DEV },
  to: { pathNot: [...allowed, PACKAGES], dependencyTypesNot: ['core'] },
});

/** Only `users` may import `target`. */
const only = (name, target, users, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: [...users, ...DEV] },
  to: { path: target },
});

const forbidden = [
  layer('shared-imports-shared', '^shared/', ['^shared/'], 'shared/ runs in Node and in the page'),
  layer(
    'renderer-imports-shared',
    '^renderer/',
    ['^renderer/', '^shared/'],
    'the page talks to the core through the contract only',
  ),
  layer(
    'stages-are-apart',
    '^main/(ingest|tiering|query)/',
    ['^main/$1/', '^main/(store|codec|ports)/', '^shared/'],
    'stages hand rows on through the store, they never call each other',
  ),
  layer('store-imports', '^main/store/', ['^main/(store|codec|ports)/', '^shared/'], 'the store knows no stage'),
  layer(
    'codec-is-pure',
    '^main/codec/',
    ['^main/codec/', '^shared/'],
    'the codec turns bytes into columns and back, no more',
  ),
  layer('ports-are-types', '^main/ports/', ['^main/ports/', '^shared/'], 'ports are types'),
  layer(
    'config-imports',
    '^main/config/',
    ['^main/(config|ports)/', '^shared/'],
    'config is read before anything else exists',
  ),
  layer(
    'adapters-import-ports',
    '^main/adapters/',
    ['^main/(adapters|ports)/', '^shared/'],
    'an adapter implements a port',
  ),
  layer(
    'shell-imports',
    '^main/shell/',
    ['^main/(shell|ports|config)/', '^main/(api|gateway)\\.ts$', '^shared/'],
    'a shell shows the gateway, it does not reach into it',
  ),
  {
    name: 'pure-layers-use-no-node',
    comment: 'shared/ and the renderer run in the page',
    severity: 'error',
    from: { path: '^(shared|renderer)/', pathNot: DEV },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'contract-type-only-in-renderer',
    comment: 'zod and the schemas stay out of the page',
    severity: 'error',
    from: { path: '^renderer/', pathNot: DEV },
    to: {
      path: ['^shared/(contract|schemas)\\.ts$', 'node_modules/(zod|@orpc/contract|@orpc/server)/'],
      dependencyTypesNot: ['type-only'],
    },
  },
  only(
    'zod-in-schemas',
    'node_modules/zod/',
    ['^shared/(contract|schemas)\\.ts$', '^main/', PACKAGES],
    'what else is in shared/ may end up in the page',
  ),
  only(
    'electron-in-its-shell',
    'node_modules/electron/',
    ['^main/shell/electron/', '^main/electron\\.ts$', PACKAGES],
    'the core runs without Electron',
  ),
  only(
    'minio-in-adapters',
    'node_modules/minio/',
    ['^main/adapters/', PACKAGES],
    'the core knows the object store port',
  ),
  only('sql-in-store', 'node_modules/better-sqlite3/', ['^main/store/', PACKAGES], 'all SQL is in main/store'),
  only('adapters-in-roots', '^main/adapters/', ['^main/(adapters|cli)/', ROOTS], 'code gets its ports passed in'),
  only(
    'gateway-in-entries',
    '^main/gateway\\.ts$',
    ['^main/(electron|headless|cli|api)\\.ts$', '^main/(shell|cli)/'],
    'one composition root',
  ),
  only('testing-in-tests', '^main/testing/', [], 'nothing that ships imports testing/'),
  only(
    'nothing-ships-from-scripts',
    '^(scripts|e2e|bench)/',
    ['\\.config\\.ts$'],
    'development code is not product code',
  ),
  {
    name: 'files-through-adapters',
    comment: 'files are touched by adapters, store, config, cli and shell only',
    severity: 'error',
    from: {
      path: '^main/',
      pathNot: [...DEV, '^main/(adapters|store|config|cli|shell)/', '^main/(cli|version)\\.ts$'],
    },
    to: { path: '^(node:)?fs(/promises)?$', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'ships-no-dev-dependency',
    comment: 'what main/ and shared/ need at run time belongs in dependencies (Electron comes with the package)',
    severity: 'error',
    from: { path: '^(main|shared)/', pathNot: DEV },
    to: {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
      dependencyTypesNot: ['type-only'],
      pathNot: 'node_modules/electron/',
    },
  },
  { name: 'no-import-of-tests', severity: 'error', from: {}, to: { path: TEST } },
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  { name: 'no-unresolvable', severity: 'error', from: { pathNot: GENERATED }, to: { couldNotResolve: true } },
];

module.exports = {
  forbidden,
  options: {
    // Type-only imports count too: a layer that needs another layer's types depends on it.
    tsPreCompilationDeps: true,
    // Named, because without TypeScript's old API it would fall back to a loose JavaScript parser that knows no types.
    parser: 'swc',
    doNotFollow: { path: PACKAGES },
    exclude: { path: ['^dist/', '^\\.cache/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.d.ts'],
    },
  },
};
