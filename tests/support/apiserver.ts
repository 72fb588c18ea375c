import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type ApiserverModel, bookmarkOf, expiredLine, lineOf, type ServedKind } from './apiserverModel'

/**
 * A small apiserver over a model: discovery, paged lists at a revision, watches with bookmarks. Tests break it in the
 * ways that real ones and their networks break.
 */

interface OpenWatch {
  readonly kind: ServedKind
  readonly response: ServerResponse
  /** Everything up to here was written. */
  sent: bigint
  stalled: boolean
}

export interface Refusal {
  readonly status: number
  /** How many more requests meet it. */
  times: number
  readonly headers?: Readonly<Record<string, string>>
  readonly match?: (request: { path: string; watch: boolean }) => boolean
}

export interface FakeApiserver {
  readonly url: string
  readonly model: ApiserverModel
  /** What is told: the model may know more. Moving it writes to the open watches. */
  tellThrough(revision: bigint): void
  told(): bigint
  bookmark(): void
  /** Writes half of the next line of each open watch of the path, then cuts its connection. */
  cutInLine(path: string): void
  /** Cuts every connection. */
  cut(): void
  /** Ends each watch as the apiserver does after its time. */
  endWatches(): void
  /** Watches from below are refused: by status 410, or by an error inside the stream. */
  forget(below: bigint, how: 'status' | 'event'): void
  /** While true, watches of the path are silent. */
  stall(path: string, on: boolean): void
  refuse(refusal: Refusal): void
  /** Only this token is let in; null lets everybody in. */
  expectToken(token: string | null): void
  readonly openWatches: readonly string[]
  readonly requests: readonly string[]
  aggregated: boolean
  stop(): Promise<void>
}

export interface FakeApiserverOptions {
  readonly tls?: ServerOptions
  readonly token?: string
  /** What is told at the start; the model's head when it is not given. */
  readonly through?: bigint
}

export async function startApiserver(
  model: ApiserverModel,
  options: FakeApiserverOptions = {},
): Promise<FakeApiserver> {
  let through = options.through ?? model.head
  let token = options.token ?? null
  let oldest = { below: 0n, how: 'status' as 'status' | 'event' }
  const refusals: Refusal[] = []
  const watches = new Set<OpenWatch>()
  const stalled = new Set<string>()
  const requests: string[] = []
  const answers = { aggregated: true }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://apiserver')
    const watch = url.searchParams.get('watch') === 'true'
    requests.push(`${url.pathname}${url.search}`)
    const refusal = refusals.find((one) => one.times > 0 && (one.match?.({ path: url.pathname, watch }) ?? true))
    if (refusal !== undefined) {
      refusal.times--
      return void status(response, refusal.status, refusal.headers)
    }
    if (token !== null && request.headers.authorization !== `Bearer ${token}`) return void status(response, 401)
    if (request.method !== 'GET') return void status(response, 405)
    const kind = model.kinds.get(url.pathname)
    if (kind !== undefined) return void (watch ? openWatch(kind, url, response) : list(kind, url, response))
    const wantsAll = answers.aggregated && (request.headers.accept ?? '').includes('APIGroupDiscoveryList')
    const found = discovery(url.pathname, model, wantsAll) ?? single(url.pathname, model, through)
    return void (found === null ? status(response, 404) : json(response, found))
  }

  function list(kind: ServedKind, url: URL, response: ServerResponse): void {
    const [pinned, offset] = (url.searchParams.get('continue') ?? '').split(':')
    const exact = url.searchParams.get('resourceVersionMatch') === 'Exact'
    const wanted = pinned || (exact ? url.searchParams.get('resourceVersion') : null)
    const revision = wanted ? BigInt(wanted) : through
    if (exact && revision < oldest.below) return void status(response, 410)
    const limit = Number(url.searchParams.get('limit') ?? '0') || Number.MAX_SAFE_INTEGER
    const state = model.stateAt(kind.path, revision)
    const from = Number(offset ?? '0')
    const items = state.slice(from, from + limit).map(({ text }) => withoutKind(text))
    const more = from + limit < state.length ? { continue: `${revision}:${from + limit}` } : {}
    const metadata = { resourceVersion: String(kind.ownRevision ?? revision), ...more }
    const head = `{"kind":"${kind.kind}List","apiVersion":"${apiVersionOf(kind.path)}","metadata":${JSON.stringify(metadata)}`
    response.writeHead(200, { 'content-type': 'application/json' }).end(`${head},"items":[${items.join(',')}]}\n`)
  }

  function openWatch(kind: ServedKind, url: URL, response: ServerResponse): void {
    const from = BigInt(url.searchParams.get('resourceVersion') ?? '0')
    if (from < oldest.below && oldest.how === 'status') return void status(response, 410)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    if (from < oldest.below) return void response.end(expiredLine())
    const watch = { kind, response, sent: from, stalled: stalled.has(kind.path) }
    watches.add(watch)
    response.on('close', () => watches.delete(watch))
    flush(watch)
  }

  function flush(watch: OpenWatch): void {
    if (watch.stalled) return
    const due = model.between(watch.kind.path, watch.sent, through)
    for (const change of due) watch.response.write(lineOf(change))
    watch.sent = through
  }

  const server =
    options.tls === undefined ? createServer(handle) : createSecureServer({ ...options.tls, requestCert: true }, handle)
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    model,
    requests,
    get openWatches() {
      return [...watches].map(({ kind }) => kind.path)
    },
    get aggregated() {
      return answers.aggregated
    },
    set aggregated(on) {
      answers.aggregated = on
    },
    told: () => through,
    tellThrough(revision) {
      through = revision
      for (const watch of watches) flush(watch)
    },
    bookmark() {
      for (const watch of watches) {
        if (!watch.stalled) watch.response.write(bookmarkOf(watch.kind.kind, watch.sent))
      }
    },
    cutInLine(path) {
      for (const watch of [...watches].filter(({ kind }) => kind.path === path)) {
        const [next] = model.between(path, watch.sent, model.head)
        if (next === undefined) throw new Error(`nothing follows on ${path}`)
        const line = lineOf(next)
        watches.delete(watch)
        watch.response.write(line.slice(0, line.length >> 1), () => watch.response.destroy())
      }
    },
    cut() {
      for (const watch of [...watches]) watch.response.destroy()
      watches.clear()
      server.closeAllConnections()
    },
    endWatches() {
      for (const watch of [...watches]) watch.response.end()
      watches.clear()
    },
    forget(below, how) {
      oldest = { below, how }
    },
    stall(path, on) {
      if (on) stalled.add(path)
      else stalled.delete(path)
      for (const watch of watches) {
        if (watch.kind.path !== path) continue
        watch.stalled = on
        flush(watch)
      }
    },
    refuse: (refusal) => void refusals.push(refusal),
    expectToken(wanted) {
      token = wanted
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function status(response: ServerResponse, code: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code }))
}

/** `/apis/apps/v1/deployments` to `apps/v1`. */
function apiVersionOf(path: string): string {
  const parts = path.split('/')
  return parts[1] === 'api' ? (parts[2] ?? '') : `${parts[2]}/${parts[3]}`
}

/** As the apiserver leaves them out of the items of built-in kinds. */
function withoutKind(text: string): string {
  const { kind, apiVersion, ...rest } = JSON.parse(text) as Record<string, unknown>
  return String(apiVersion).includes('.example') ? text : JSON.stringify(rest)
}

function single(path: string, model: ApiserverModel, through: bigint): object | null {
  if (path === '/version') return { major: '1', minor: '36', gitVersion: 'v1.36.2' }
  const at = path.lastIndexOf('/')
  const found = model.stateAt(path.slice(0, at), through).find(({ tail }) => tail === path.slice(at + 1))
  return found === undefined ? null : JSON.parse(found.text)
}

function discovery(path: string, model: ApiserverModel, wantsAll: boolean): object | null {
  const kinds = [...model.kinds.values()]
  const groupOf = ({ path: own }: ServedKind) => (own.startsWith('/api/') ? '' : (own.split('/')[2] ?? ''))
  const versionOf = ({ path: own }: ServedKind) => own.split('/')[own.startsWith('/api/') ? 2 : 3] ?? ''
  const plural = ({ path: own }: ServedKind) => own.slice(own.lastIndexOf('/') + 1)
  const verbs = ['get', 'list', 'watch', 'create', 'delete']
  if (path !== '/api' && path !== '/apis') {
    const here = kinds.filter(
      (kind) => kind.path.startsWith(`${path}/`) && kind.path.split('/').length === path.split('/').length + 1,
    )
    if (here.length === 0) return null
    const resources = here.flatMap((kind) => [
      { name: plural(kind), kind: kind.kind, namespaced: kind.namespaced, verbs },
      { name: `${plural(kind)}/status`, kind: kind.kind, namespaced: kind.namespaced, verbs: ['get'] },
    ])
    return { kind: 'APIResourceList', groupVersion: path.split('/').slice(2).join('/'), resources }
  }
  const groups = [...new Set(kinds.map(groupOf))].filter((group) => (group === '') === (path === '/api'))
  if (wantsAll) {
    const items = groups.map((group) => {
      const own = kinds.filter((kind) => groupOf(kind) === group)
      const versions = [...new Set(own.map(versionOf))].map((version) => ({
        version,
        freshness: 'Current',
        resources: own
          .filter((kind) => versionOf(kind) === version)
          .map((kind) => ({
            resource: plural(kind),
            responseKind: { group, version, kind: kind.kind },
            scope: kind.namespaced ? 'Namespaced' : 'Cluster',
            verbs,
          })),
      }))
      return { metadata: { name: group }, versions }
    })
    return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items }
  }
  if (path === '/api')
    return { kind: 'APIVersions', versions: [...new Set(kinds.filter((kind) => groupOf(kind) === '').map(versionOf))] }
  return {
    kind: 'APIGroupList',
    groups: groups.map((name) => {
      const versions = [...new Set(kinds.filter((kind) => groupOf(kind) === name).map(versionOf))]
      return {
        name,
        versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
        preferredVersion: { version: versions[0] },
      }
    }),
  }
}
