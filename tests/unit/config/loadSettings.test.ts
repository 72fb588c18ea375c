import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSettings } from '../../../lib/config/loadSettings'
import { ScopeError } from '../../../lib/core/errors'

let cwd = ''

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'etcdscope-config-'))
  for (const name of ['one', 'two']) {
    execFileSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=${name} -keyout ${name}.key -out ${name}.crt`.split(
        ' ',
      ),
      { cwd, stdio: 'ignore' },
    )
  }
  writeFileSync(join(cwd, 'password'), 'from-a-file\n')
  writeFileSync(join(cwd, 'empty'), '\n')
})

afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const load = (env: Record<string, string>) => loadSettings(env, { cwd })

/** Loads with the YAML text as ETCDSCOPE_CONFIG. */
function loadYaml(yaml: string, env: Record<string, string> = {}) {
  writeFileSync(join(cwd, 'scope.yaml'), yaml)
  return load({ ETCDSCOPE_CONFIG: 'scope.yaml', ...env })
}

function refusal(run: () => unknown): ScopeError {
  try {
    run()
  } catch (error) {
    if (error instanceof ScopeError) return error
    throw error
  }
  throw new Error('was accepted')
}

/** One sentence: it ends with one full stop or question mark, on one line. */
function expectOneSentence(error: ScopeError) {
  expect(error.code).toBe('BAD_SETTING')
  expect(error.message).not.toContain('\n')
  expect(error.message).toMatch(/[.?]$/)
  expect(error.message.replace(/[.?]$/, '')).not.toMatch(/[.?] [A-Z]/)
}

describe('nothing configured', () => {
  it('means the demo, on loopback, with the data in ./data', () => {
    expect(load({})).toMatchObject({
      demo: true,
      clusters: [],
      host: '127.0.0.1',
      port: 4380,
      portGiven: false,
      role: 'all',
      insecure: false,
      databaseUrl: `file:${join(cwd, 'data/etcdscope.db')}`,
      dataDir: join(cwd, 'data'),
    })
  })

  it('blank variables count as unset', () => {
    expect(load({ ETCDCTL_ENDPOINTS: ' ', PORT: '', HOST: '', ETCDSCOPE_CONFIG: '' }).demo).toBe(true)
  })

  it('ETCDSCOPE_DEMO=1 means the demo although a cluster is configured', () => {
    expect(load({ ETCDSCOPE_DEMO: '1', ETCDCTL_ENDPOINTS: 'etcd:2379' })).toMatchObject({ demo: true, clusters: [] })
  })
})

describe('the names that etcdctl uses', () => {
  it.each([
    ['host:port', 'a:2379', {}, ['http://a:2379']],
    ['several, spaces around', 'a:2379, b:2379 ,,c:2379', {}, ['http://a:2379', 'http://b:2379', 'http://c:2379']],
    ['a URL', 'http://a:2379/', {}, ['http://a:2379']],
    ['IPv6', '[::1]:2379', {}, ['http://[::1]:2379']],
    ['https without files', 'https://a:2379', {}, ['https://a:2379']],
    ['host:port with a CA', 'a:2379', { ETCDCTL_CACERT: 'one.crt' }, ['https://a:2379']],
    ['a port that is the scheme’s own', 'https://a:443', {}, ['https://a:443']],
    ['the same endpoint twice', 'a:2379,http://a:2379', {}, ['http://a:2379']],
  ])('endpoints: %s', (_name, endpoints, env, expected) => {
    const [cluster] = load({ ETCDCTL_ENDPOINTS: endpoints, ...env }).clusters
    expect(cluster?.endpoints).toEqual(expected)
    expect(cluster?.tls === null).toBe(expected[0]?.startsWith('http:'))
  })

  it('without endpoints the other names mean etcdctl’s default endpoint, not the demo', () => {
    const settings = load({ ETCDCTL_USER: 'root:secret' })
    expect(settings.demo).toBe(false)
    expect(settings.clusters[0]?.endpoints).toEqual(['http://127.0.0.1:2379'])
  })

  it.each([
    [{ ETCDCTL_USER: 'root:se:cret' }, { user: 'root', password: 'se:cret' }],
    [
      { ETCDCTL_USER: 'root', ETCDCTL_PASSWORD: ' spaced ' },
      { user: 'root', password: ' spaced ' },
    ],
    [{}, null],
  ])('user and password %#', (env, auth) => {
    expect(load({ ETCDCTL_ENDPOINTS: 'a:2379', ...env }).clusters[0]?.auth).toEqual(auth)
  })

  it('mutual TLS: the files are read', () => {
    const [cluster] = load({
      ETCDCTL_ENDPOINTS: 'a:2379',
      ETCDCTL_CACERT: 'one.crt',
      ETCDCTL_CERT: 'two.crt',
      ETCDCTL_KEY: join(cwd, 'two.key'),
    }).clusters
    expect(cluster?.tls?.ca?.toString()).toContain('BEGIN CERTIFICATE')
    expect(cluster?.tls?.cert?.toString()).toContain('BEGIN CERTIFICATE')
    expect(cluster?.tls?.key?.toString()).toContain('PRIVATE KEY')
    expect(cluster?.tls?.insecureSkipVerify).toBe(false)
  })

  it('ETCDCTL_INSECURE_SKIP_TLS_VERIFY is passed on', () => {
    const env = { ETCDCTL_ENDPOINTS: 'a:2379', ETCDCTL_INSECURE_SKIP_TLS_VERIFY: 'true' }
    expect(load(env).clusters[0]).toMatchObject({ endpoints: ['https://a:2379'], tls: { insecureSkipVerify: true } })
  })

  it('ETCDSCOPE_CLUSTER names it', () => {
    expect(load({ ETCDCTL_ENDPOINTS: 'a:2379', ETCDSCOPE_CLUSTER: 'prod-eu' }).clusters[0]?.name).toBe('prod-eu')
  })
})

const secret = 'p4ssw0rd-never-shown'

describe('a wrong variable is refused with one sentence that names it', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['ETCDCTL_ENDPOINTS', { ETCDCTL_ENDPOINTS: ',' }, /names no endpoint/],
    ['ETCDCTL_ENDPOINTS', { ETCDCTL_ENDPOINTS: 'etcd' }, /without a port/],
    ['ETCDCTL_ENDPOINTS', { ETCDCTL_ENDPOINTS: 'etcd:99999' }, /not host:port/],
    ['ETCDCTL_ENDPOINTS', { ETCDCTL_ENDPOINTS: 'http://etcd:2379/v3' }, /ends after its port/],
    ['ETCDCTL_ENDPOINTS', { ETCDCTL_ENDPOINTS: 'unix:///run/etcd.sock' }, /unix:\/\/ endpoints/],
    ['ETCDCTL_ENDPOINTS', { ETCDCTL_ENDPOINTS: `http://root:${secret}@etcd:2379` }, /with a user in it/],
    ['ETCDCTL_ENDPOINTS', { ETCDCTL_ENDPOINTS: 'http://a:1,https://b:2' }, /mixes http and https/],
    ['ETCDCTL_ENDPOINTS', { ETCDCTL_ENDPOINTS: 'http://a:1', ETCDCTL_CACERT: 'one.crt' }, /says http/],
    ['ETCDCTL_DISCOVERY_SRV', { ETCDCTL_DISCOVERY_SRV: 'example.com' }, /not supported/],
    ['ETCDCTL_CACERT', { ETCDCTL_ENDPOINTS: 'a:1', ETCDCTL_CACERT: 'nowhere.crt' }, /nowhere\.crt.*no such file/],
    ['ETCDCTL_CACERT', { ETCDCTL_ENDPOINTS: 'a:1', ETCDCTL_CACERT: '.' }, /it is a folder/],
    ['ETCDCTL_CACERT', { ETCDCTL_ENDPOINTS: 'a:1', ETCDCTL_CACERT: 'password' }, /no PEM certificate/],
    ['ETCDCTL_CERT', { ETCDCTL_ENDPOINTS: 'a:1', ETCDCTL_CERT: 'one.crt' }, /without its key/],
    ['ETCDCTL_KEY', { ETCDCTL_ENDPOINTS: 'a:1', ETCDCTL_KEY: 'one.key' }, /without its certificate/],
    [
      'ETCDCTL_KEY',
      { ETCDCTL_ENDPOINTS: 'a:1', ETCDCTL_CERT: 'one.crt', ETCDCTL_KEY: 'two.key' },
      /not the key of the certificate/,
    ],
    ['ETCDCTL_USER', { ETCDCTL_USER: 'root' }, /without a password/],
    ['ETCDCTL_USER', { ETCDCTL_USER: `:${secret}` }, /no user/],
    ['ETCDCTL_PASSWORD', { ETCDCTL_PASSWORD: secret }, /without ETCDCTL_USER/],
    [
      'ETCDCTL_INSECURE_SKIP_TLS_VERIFY',
      { ETCDCTL_ENDPOINTS: 'a:1', ETCDCTL_INSECURE_SKIP_TLS_VERIFY: 'maybe' },
      /1 or 0/,
    ],
    ['DATABASE_URL', { DATABASE_URL: `postgresql://me:${secret}@db/scope` }, /PostgreSQL, which is not supported yet/],
    ['DATABASE_URL', { DATABASE_URL: `mysql://me:${secret}@db/scope` }, /must start with file:/],
    ['DATABASE_URL', { DATABASE_URL: 'file:' }, /must name a database file/],
    ['DATABASE_URL', { DATABASE_URL: 'file:./data/' }, /must name a database file/],
    ['DATABASE_URL', { DATABASE_URL: 'file:./a.db?mode=ro' }, /no parameters/],
    ['PORT', { PORT: 'http' }, /0 to 65535/],
    ['PORT', { PORT: '70000' }, /0 to 65535/],
    ['HOST', { HOST: '0.0.0.0' }, /no sign-in yet.*ETCDSCOPE_INSECURE=1/],
    ['HOST', { HOST: '192.168.1.10' }, /others can reach/],
    ['HOST', { HOST: '::' }, /others can reach/],
    ['HOST', { HOST: '127.example.com' }, /others can reach/],
    ['HOST', { HOST: 'a b' }, /not a host name/],
    ['ETCDSCOPE_ROLE', { ETCDSCOPE_ROLE: 'worker' }, /all, web or collector, not "worker"/],
    ['ETCDSCOPE_INSECURE', { ETCDSCOPE_INSECURE: 'perhaps' }, /1 or 0/],
    ['ETCDSCOPE_DEMO', { ETCDSCOPE_DEMO: '2' }, /1 or 0/],
    ['ETCDSCOPE_CLUSTER', { ETCDSCOPE_CLUSTER: 'a/b' }, /letters, digits/],
    ['ETCDSCOPE_CONFIG', { ETCDSCOPE_CONFIG: 'nowhere.yaml' }, /nowhere\.yaml, which cannot be read/],
  ])('%s %#', (name, env, reason) => {
    const error = refusal(() => load(env))
    expectOneSentence(error)
    expect(error.message).toContain(name)
    expect(error.message).toMatch(reason)
    expect(error.message).not.toContain(secret)
  })

  it.each(['127.0.0.1', '127.0.0.53', 'localhost', '::1', '[::1]'])('HOST=%s is loopback and taken', (HOST) => {
    expect(load({ HOST }).host).toBe(HOST.replace(/[[\]]/g, ''))
  })

  it('ETCDSCOPE_INSECURE=1 lets any HOST through', () => {
    expect(load({ HOST: '0.0.0.0', ETCDSCOPE_INSECURE: '1' }).host).toBe('0.0.0.0')
  })
})

describe('the YAML file', () => {
  it('names several clusters, with defaults for what it does not say', () => {
    const settings = loadYaml(
      `
clusters:
  - name: prod
    endpoints: [a:2379, b:2379]
    tls: { caFile: one.crt, certFile: two.crt, keyFile: two.key, serverName: etcd.prod }
    auth: { user: scope, passwordFile: password }
    metricsUrls: [ "http://a:2381/metrics" ]
    intervals: { status: 2s, metrics: 10s, hash: 10m }
    kubernetesPrefixes: [ /registry/, /openshift.io ]
    redact:
      keyPrefixes: [ /app/tokens/ ]
      credentialConfigMaps: true
      paths: [ { resource: configmaps, path: "data['db.url']" }, { keyPrefix: /app/, path: '$.users[*].password' } ]
  - name: lab
    endpoints: [ "http://lab:2379" ]
    auth: { user: scope, passwordEnv: LAB_PASSWORD }
port: 9000
databaseUrl: file:./elsewhere/scope.db
role: collector
`,
      { LAB_PASSWORD: 'from-a-variable' },
    )
    expect(settings).toMatchObject({
      demo: false,
      port: 9000,
      portGiven: true,
      role: 'collector',
      dataDir: join(cwd, 'elsewhere'),
      clusters: [
        {
          name: 'prod',
          endpoints: ['https://a:2379', 'https://b:2379'],
          tls: { serverName: 'etcd.prod' },
          auth: { user: 'scope', password: 'from-a-file' },
          metricsUrls: ['http://a:2381'],
          statusIntervalMs: 2000,
          metricsIntervalMs: 10_000,
          hashIntervalMs: 600_000,
          kubernetesPrefixes: ['/registry', '/openshift.io'],
          redact: {
            keyPrefixes: ['/app/tokens/'],
            resources: [],
            credentialConfigMaps: true,
            paths: [
              { resource: 'configmaps', keyPrefix: null, steps: ['data', 'db.url'] },
              { resource: null, keyPrefix: '/app/', steps: ['users', { every: true }, 'password'] },
            ],
          },
        },
        {
          name: 'lab',
          tls: null,
          auth: { user: 'scope', password: 'from-a-variable' },
          statusIntervalMs: 1000,
          metricsIntervalMs: 5000,
          kubernetesPrefixes: ['/registry'],
        },
      ],
    })
  })

  it('holds rules of alerting, each with its place in the file, and how often they are evaluated', () => {
    const { alerts } = loadYaml(`${cluster('')}alerts:\n  interval: 2s\n  rules:\n    - ${alarmRule}\n`)
    expect(alerts.intervalMs).toBe(2_000)
    expect(alerts.rules).toMatchObject([
      { at: 'scope.yaml line 7 column 7, alerts.rules[0]', rule: { name: 'A', enabled: true, missingData: 'resolve' } },
    ])
    expect(loadYaml(cluster('')).alerts).toMatchObject({ intervalMs: 5_000, rules: [] })
  })

  it('holds channels with their secrets, and where they may connect to', () => {
    const channels = `${cluster('')}alerts:
  allowTargets: [ 10.0.0.0/8, am.internal ]
  caFile: one.crt
  externalUrl: https://scope.example/
  channels:
    - { name: hook, target: { kind: webhook, url: "https://a.example", secretFile: password } }
    - { name: slack, target: { kind: slack, urlEnv: SLACK_URL }, minSeverity: critical }
`
    const { notify } = loadYaml(channels, { SLACK_URL: 'https://hooks.example/T/B/x' }).alerts
    expect(notify).toMatchObject({
      allowPrivateTargets: false,
      allowTargets: ['10.0.0.0/8', 'am.internal'],
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
      externalUrl: 'https://scope.example',
      channels: [
        { name: 'hook', target: { kind: 'webhook', url: 'https://a.example', secret: 'from-a-file' }, enabled: true },
        { name: 'slack', target: { kind: 'slack', url: 'https://hooks.example/T/B/x' }, minSeverity: 'critical' },
      ],
    })
    expect(loadYaml(cluster('')).alerts.notify).toEqual({
      channels: [],
      allowPrivateTargets: false,
      allowTargets: [],
      ca: null,
      externalUrl: 'http://127.0.0.1:4380',
    })
    expect(load({ ETCDSCOPE_ALLOW_PRIVATE_TARGETS: '1', PORT: '9000' }).alerts.notify).toMatchObject({
      allowPrivateTargets: true,
      externalUrl: 'http://127.0.0.1:9000',
    })
  })

  it('takes how long each class is kept, for all clusters and for one', () => {
    const common = 'retention: { heartbeats: 7d, status: 4w, maxDatabaseSize: 20GiB }\n'
    const own = 'clusters: [{ name: a, endpoints: [a:1] }, { name: b, endpoints: [b:1], retention: { events: 12h } }]\n'
    const [a, b] = loadYaml(common + own).clusters
    const dayMs = 86_400_000
    const forEver = {
      heartbeatsMs: null,
      eventsMs: null,
      statusMs: null,
      configurationMs: null,
      maxDatabaseBytes: null,
    }
    expect(a?.retention).toEqual({
      ...forEver,
      heartbeatsMs: 7 * dayMs,
      statusMs: 28 * dayMs,
      maxDatabaseBytes: 20 * 2 ** 30,
    })
    expect(b?.retention).toEqual({ ...forEver, eventsMs: dayMs / 2 })
  })

  it('the environment wins over the file', () => {
    const yaml = 'clusters: [{ name: a, endpoints: [a:1] }]\nport: 9000\nrole: web\n'
    expect(loadYaml(yaml, { PORT: '9001', ETCDSCOPE_ROLE: 'all' })).toMatchObject({ port: 9001, role: 'all' })
  })

  const alarmRule =
    "{ name: A, comparison: '>', measure: { kind: state, state: alarm }, thresholds: [ { severity: info, value: 0 } ] }"
  const mailChannel = '{ name: mail, target: { kind: email, host: m.example, from: a@b.org, to: [ c@d.org ] } }'
  const cluster = (more: string) => `clusters:\n  - name: prod\n    endpoints: [ "a:2379" ]\n${more}`

  it.each<[string, string, RegExp]>([
    ['broken YAML', 'clusters: [\n', /^scope\.yaml line \d+ column \d+ is not valid YAML/],
    ['a tab', 'clusters:\n\t- name: a\n', /^scope\.yaml line 2 column \d+ is not valid YAML/],
    ['an empty file', '', /^scope\.yaml must be a section/],
    ['no clusters', 'port: 1\n', /scope\.yaml, clusters is missing/],
    [
      'an age without its unit',
      'clusters: [{ name: a, endpoints: [a:1] }]\nretention: { heartbeats: 7 }\n',
      /retention\.heartbeats must be text/,
    ],
    [
      'an age below an hour',
      'clusters: [{ name: a, endpoints: [a:1] }]\nretention: { heartbeats: 30m }\n',
      /line 2 column \d+, retention\.heartbeats must be an age from 1h to 100y/,
    ],
    [
      'a size that holds nothing',
      'clusters: [{ name: a, endpoints: [a:1], retention: { maxDatabaseSize: 1MiB } }]\n',
      /clusters\[0\]\.retention\.maxDatabaseSize must be a size from 16MiB on/,
    ],
    [
      'a class that there is not',
      'clusters: [{ name: a, endpoints: [a:1] }]\nretention: { heartbeat: 7d }\n',
      /retention\.heartbeat is not a setting; did you mean heartbeats\?/,
    ],
    ['an empty list', 'clusters: []\n', /line 1 column 11, clusters must not be empty/],
    ['clusters is text', 'clusters: prod\n', /clusters must be a list/],
    ['a missing name', 'clusters:\n  - endpoints: [a:1]\n', /line 2 column 5, clusters\[0\]\.name is missing/],
    [
      'a mistyped key',
      cluster('    endpoint: a:1\n'),
      /line 4 column 15, clusters\[0\]\.endpoint is not a setting; did you mean endpoints\?/,
    ],
    [
      'a mistyped key in tls',
      cluster('    tls: { cafile: a }\n'),
      /clusters\[0\]\.tls\.cafile is not a setting; did you mean caFile\?/,
    ],
    ['an unknown key', cluster('    colour: red\n'), /colour is not a setting; known here: name, endpoints/],
    ['an unknown top key', `${cluster('')}prot: 1\n`, /prot is not a setting; did you mean port\?/],
    [
      'the same name twice',
      `${cluster('')}  - name: prod\n    endpoints: [ "b:1" ]\n`,
      /clusters\[1\]\.name repeats the name "prod"/,
    ],
    ['the same key twice', 'clusters: []\nclusters: []\n', /line 2 .*the same key stands twice/],
    ['a duration without unit', cluster('    intervals: { status: 5 }\n'), /intervals\.status must be text/],
    ['a duration in words', cluster('    intervals: { status: often }\n'), /intervals\.status must be a duration/],
    [
      'a duration out of bounds',
      cluster('    intervals: { status: 1ms }\n'),
      /intervals\.status must lie between 100ms and 60000ms/,
    ],
    [
      'two passwords',
      cluster(`    auth: { user: a, password: ${secret}, passwordEnv: B }\n`),
      /auth needs exactly one of/,
    ],
    ['no password', cluster('    auth: { user: a }\n'), /auth needs exactly one of/],
    [
      'an unset variable',
      cluster('    auth: { user: a, passwordEnv: NOT_SET_AT_ALL }\n'),
      /NOT_SET_AT_ALL, which is not set/,
    ],
    ['an empty password file', cluster('    auth: { user: a, passwordFile: empty }\n'), /names an empty file/],
    [
      'a password that is a list',
      cluster(`    auth: { user: a, password: [${secret}] }\n`),
      /auth\.password must be text/,
    ],
    [
      'a missing CA',
      cluster('    tls: { caFile: nowhere.crt }\n'),
      /line 4 column 20, clusters\[0\]\.tls\.caFile names nowhere\.crt.*no such file/,
    ],
    [
      'a bad endpoint',
      'clusters:\n  - name: a\n    endpoints: [etcd]\n',
      /clusters\[0\]\.endpoints has "etcd" without a port/,
    ],
    ['a bad metrics URL', cluster('    metricsUrls: [ "ftp://a" ]\n'), /metricsUrls\[0\] needs an http or https URL/],
    [
      'tls with http',
      'clusters:\n  - name: a\n    endpoints: [ "http://a:1" ]\n    tls: {}\n',
      /tls is given although the endpoints say http/,
    ],
    [
      'a path that is none',
      cluster('    redact: { paths: [ { resource: configmaps, path: data..x } ] }\n'),
      /redact\.paths\[0\]\.path is no path such as/,
    ],
    [
      'a path of nothing',
      cluster('    redact: { paths: [ { path: data.x } ] }\n'),
      /redact\.paths\[0\] needs exactly one of resource and keyPrefix/,
    ],
    [
      'an evaluation interval',
      `${cluster('')}alerts: { interval: 1ms }\n`,
      /alerts\.interval must lie between 500ms and/,
    ],
    ['an unknown key of alerts', `${cluster('')}alerts: { rule: [] }\n`, /rule is not a setting; did you mean rules\?/],
    [
      'a rule without thresholds',
      `${cluster('')}alerts: { rules: [ { name: A, comparison: '>', measure: { kind: state, state: alarm } } ] }\n`,
      /line 4 column \d+, alerts\.rules\[0\]\.thresholds is missing/,
    ],
    [
      'a mistyped key of a rule',
      `${cluster('')}alerts: { rules: [ ${alarmRule.replace(/}$/, ', label: {} }')} ] }\n`,
      /alerts\.rules\[0\]\.label is not a setting; did you mean labels\?/,
    ],
    [
      'a rule about a state that there is not',
      `${cluster('')}alerts: { rules: [ ${alarmRule.replace('state: alarm', 'state: alarms')} ] }\n`,
      /alerts\.rules\[0\]\.measure\.state must be one of/,
    ],
    [
      'two rules of one name',
      `${cluster('')}alerts: { rules: [ ${alarmRule}, ${alarmRule} ] }\n`,
      /alerts\.rules\[1\]\.name repeats the name "A"/,
    ],
    [
      'a channel of no kind',
      `${cluster('')}alerts: { channels: [ { name: a, target: { kind: pigeon } } ] }\n`,
      /alerts\.channels\[0\]\.target\.kind/,
    ],
    [
      'a mistyped key of a channel',
      `${cluster('')}alerts: { channels: [ { name: a, target: { kind: slack, url: "https://s.example" }, minSeverty: info } ] }\n`,
      /alerts\.channels\[0\]\.minSeverty is not a setting; did you mean minSeverity\?/,
    ],
    [
      'a secret in two places',
      `${cluster('')}alerts: { channels: [ { name: a, target: { kind: slack, url: "https://s.example/hunter2", urlEnv: X } } ] }\n`,
      /alerts\.channels\[0\]\.target needs only one of url and urlEnv/,
    ],
    [
      'a secret in an unset variable',
      `${cluster('')}alerts: { channels: [ { name: a, target: { kind: slack, urlEnv: NOT_SET } } ] }\n`,
      /target\.urlEnv names the variable NOT_SET, which is not set/,
    ],
    [
      'a channel without its secret',
      `${cluster('')}alerts: { channels: [ { name: a, target: { kind: pagerduty } } ] }\n`,
      /alerts\.channels\[0\]\.target\.routingKey is missing/,
    ],
    [
      'an authority of receivers that is none',
      `${cluster('')}alerts: { caFile: password }\n`,
      /alerts\.caFile names password, which holds no PEM certificate/,
    ],
    [
      'two channels of one name',
      `${cluster('')}alerts: { channels: [ ${mailChannel}, ${mailChannel} ] }\n`,
      /alerts\.channels\[1\]\.name repeats the name "mail"/,
    ],
    ['a role', `${cluster('')}role: boss\n`, /role must be one of all, web, collector/],
    ['a port', `${cluster('')}port: 99999\n`, /port must be at most 65535/],
    ['a host', `${cluster('')}host: 0.0.0.0\n`, /host is 0\.0\.0\.0, which others can reach/],
    ['a database', `${cluster('')}databaseUrl: postgresql://a:${secret}@b/c\n`, /databaseUrl names PostgreSQL/],
  ])('%s is refused with one sentence that names the place', (_name, yaml, reason) => {
    const error = refusal(() => loadYaml(yaml))
    expectOneSentence(error)
    expect(error.message).toMatch(reason)
    expect(error.message).not.toContain(secret)
  })

  it('and ETCDCTL_ENDPOINTS together are refused', () => {
    const error = refusal(() => loadYaml(cluster(''), { ETCDCTL_ENDPOINTS: 'a:1' }))
    expectOneSentence(error)
    expect(error.message).toContain('both name clusters')
  })
})

describe('an apiserver', () => {
  const file = (name: string, content: object | string) =>
    writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content))
  const kubeconfig = (more: object = {}) => ({
    'current-context': 'prod',
    clusters: [{ name: 'one', cluster: { server: 'https://10.0.0.1:6443' } }],
    contexts: [
      { name: 'prod', context: { cluster: 'one', user: 'me' } },
      { name: 'lost', context: { cluster: 'two', user: 'me' } },
      { name: 'nobody', context: { cluster: 'one', user: 'you' } },
    ],
    users: [{ name: 'me', user: { token: 'c4n4ry' } }],
    ...more,
  })

  it('from a kubeconfig is a cluster without etcd', () => {
    file('kube', kubeconfig())
    const settings = load({ ETCDSCOPE_KUBECONFIG: 'kube', ETCDSCOPE_CLUSTER: 'managed' })
    expect(settings.demo).toBe(false)
    expect(settings.clusters).toMatchObject([
      { name: 'managed', endpoints: [], kubernetes: { kubeconfig: join(cwd, 'kube'), context: null } },
    ])
  })

  it('beside etcd endpoints is one cluster with both', () => {
    file('kube', kubeconfig())
    const { clusters } = load({
      ETCDSCOPE_KUBECONFIG: join(cwd, 'kube'),
      ETCDSCOPE_KUBE_CONTEXT: 'prod',
      ETCDCTL_ENDPOINTS: 'a:2379',
    })
    expect(clusters).toMatchObject([{ endpoints: ['http://a:2379'], kubernetes: { context: 'prod' } }])
  })

  it('is never taken from KUBECONFIG or the home folder', () => {
    expect(load({ KUBECONFIG: 'kube', HOME: cwd, KUBERNETES_SERVICE_HOST: '10.0.0.1' })).toMatchObject({
      demo: true,
      clusters: [],
    })
  })

  it('in the YAML file stands instead of endpoints, its path relative to the file', () => {
    file('kube', kubeconfig())
    const { clusters } = loadYaml('clusters:\n  - name: a\n    kubernetes: { kubeconfig: kube, context: prod }\n')
    expect(clusters).toMatchObject([{ endpoints: [], kubernetes: { kubeconfig: join(cwd, 'kube'), context: 'prod' } }])
  })

  it.each([
    ['no such file', { ETCDSCOPE_KUBECONFIG: 'missing' }, /ETCDSCOPE_KUBECONFIG names missing.*no such file/],
    ['no YAML', { ETCDSCOPE_KUBECONFIG: 'broken' }, /ETCDSCOPE_KUBECONFIG names broken, which is not valid YAML/],
    [
      'no kubeconfig',
      { ETCDSCOPE_KUBECONFIG: 'other' },
      /ETCDSCOPE_KUBECONFIG names other, which is no kubeconfig \(at clusters\)/,
    ],
    ['no current context', { ETCDSCOPE_KUBECONFIG: 'undecided' }, /no current-context; set ETCDSCOPE_KUBE_CONTEXT/],
    [
      'a mistyped context',
      { ETCDSCOPE_KUBECONFIG: 'kube', ETCDSCOPE_KUBE_CONTEXT: 'prd' },
      /ETCDSCOPE_KUBE_CONTEXT asks for the context prd, .* did you mean prod\?/,
    ],
    [
      'a lost cluster',
      { ETCDSCOPE_KUBECONFIG: 'kube', ETCDSCOPE_KUBE_CONTEXT: 'lost' },
      /names two, which kube does not have/,
    ],
    [
      'a lost user',
      { ETCDSCOPE_KUBECONFIG: 'kube', ETCDSCOPE_KUBE_CONTEXT: 'nobody' },
      /names you, which kube does not have/,
    ],
    ['plain http', { ETCDSCOPE_KUBECONFIG: 'plain' }, /is http, which is taken only with insecure-skip-tls-verify/],
    ['a context alone', { ETCDSCOPE_KUBE_CONTEXT: 'prod' }, /ETCDSCOPE_KUBE_CONTEXT needs ETCDSCOPE_KUBECONFIG/],
    ['not in a pod', { ETCDSCOPE_IN_CLUSTER: '1' }, /ETCDSCOPE_IN_CLUSTER is set, but this does not run in a pod/],
    ['both', { ETCDSCOPE_IN_CLUSTER: '1', ETCDSCOPE_KUBECONFIG: 'kube' }, /exclude each other/],
    [
      'two places',
      { ETCDSCOPE_CONFIG: 'scope.yaml', ETCDSCOPE_KUBECONFIG: 'kube' },
      /ETCDSCOPE_CONFIG and ETCDSCOPE_KUBECONFIG both/,
    ],
  ])('%s is refused with one sentence that names the setting', (_name, env, reason) => {
    file('kube', kubeconfig())
    file('broken', 'a: [')
    file('other', 'colour: red')
    file('undecided', kubeconfig({ 'current-context': undefined }))
    file('plain', kubeconfig({ clusters: [{ name: 'one', cluster: { server: 'http://10.0.0.1:8001' } }] }))
    file('scope.yaml', 'clusters:\n  - name: a\n    endpoints: [b]\n')
    const error = refusal(() => load(env as Record<string, string>))
    expectOneSentence(error)
    expect(error.message).toMatch(reason)
    expect(error.message).not.toContain('c4n4ry')
  })

  it('a cluster with neither is refused', () => {
    const error = refusal(() => loadYaml('clusters:\n  - name: a\n'))
    expectOneSentence(error)
    expect(error.message).toMatch(/endpoints is missing; give it, or kubernetes, or both/)
  })
})
