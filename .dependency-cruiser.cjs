/**
 * Each folder has one job and imports only downward. The table is ARCHITECTURE.md's; a rule that fails here
 * means that a line lives in the wrong room.
 */
const may = {
  core: [],
  config: ['core', 'contract'],
  contract: ['core'],
  etcd: ['core', 'config'],
  apiserver: ['core', 'config'],
  kubernetes: ['core', 'contract'],
  store: ['core', 'config', 'contract'],
  workloads: ['core', 'contract', 'kubernetes', 'store'],
  live: ['core', 'contract', 'store'],
  collector: ['core', 'config', 'contract', 'etcd', 'apiserver', 'kubernetes', 'store', 'live', 'workloads'],
  query: ['core', 'config', 'contract', 'store', 'kubernetes', 'live'],
  archive: ['core', 'config', 'contract', 'etcd', 'kubernetes', 'store', 'collector', 'workloads'],
  alerts: ['core', 'config', 'contract', 'kubernetes', 'store', 'query', 'live'],
  demo: ['core', 'config', 'etcd', 'kubernetes'],
}
const rooms = Object.entries(may).map(([room, allowed]) => ({
  name: `${room}-imports-only-downward`,
  severity: 'error',
  comment: `lib/${room} may import ${allowed.join(', ') || 'nothing else of lib'}`,
  from: { path: `^lib/${room}/` },
  to: { path: '^(lib|app|tests|scripts)/', pathNot: `^lib/(${[room, ...allowed].join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...rooms,
    {
      name: 'routes-are-thin',
      severity: 'error',
      comment: 'a route parses, authorises, calls, answers; it composes nothing',
      from: { path: '^app/.*route\\.ts$|^app/api/' },
      to: { path: '^lib/', pathNot: '^lib/(core|contract|query|live|alerts)/' },
    },
    {
      name: 'screens-know-only-the-contract',
      severity: 'error',
      comment: 'what the browser loads must not pull in the server; types may come from anywhere',
      from: { path: '^app/', pathNot: '^app/api/|/route\\.ts$' },
      to: { path: '^lib/', pathNot: '^lib/(contract|core)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-the-store-knows-the-database',
      severity: 'error',
      comment: 'PostgreSQL comes second without touching a caller',
      from: { path: '^(lib|app)/', pathNot: '^lib/store/' },
      to: { path: 'node_modules/(better-sqlite3|@prisma|prisma|pg)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: '^(lib|app)/' },
      to: { path: '^tests/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|dist|lib/store/generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
}
