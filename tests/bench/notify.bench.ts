import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compilePolicy } from '../../lib/alerts/notify/addressRules'
import { systemResolve } from '../../lib/alerts/notify/checkedTarget'
import { createDeliver } from '../../lib/alerts/notify/deliver'
import { loadChannels } from '../../lib/alerts/notify/loadChannels'
import { startNotifier } from '../../lib/alerts/notify/startNotifier'
import { channelInput } from '../../lib/contract'
import { systemClock } from '../../lib/core/clock'
import { type AlertInput, openAlertStore, openNotifyStore, openReader, openWriter } from '../../lib/store'
import { quantile, report } from './measure'

/**
 * From a stored alert to the receiver that has read its message: alone, and beside channels that are dead, hang, are
 * slow or answer errors. In turns, so that a slow moment of the machine meets both.
 */

const rounds = 3
const alertsARound = 150
const everyMs = 20

const servers: Server[] = []
const arrived = new Map<string, (atMs: number) => void>()
const healthy = await serve((body) => {
  for (const { id } of body.alerts ?? []) arrived.get(id)?.(performance.now())
  return { status: 200, afterMs: 0 }
})
const broken = [
  'http://127.0.0.1:9/',
  await serve(() => null),
  await serve(() => ({ status: 200, afterMs: 1_000 })),
  await serve(() => ({ status: 503, afterMs: 0 })),
]
const alone: number[] = []
const beside: number[] = []
for (let round = 0; round < rounds; round++) {
  alone.push(...(await measure([healthy])))
  beside.push(...(await measure([healthy, ...broken])))
}
for (const server of servers) {
  server.closeAllConnections()
  server.close()
}

const spread = (values: readonly number[]) =>
  `p50 ${quantile(values, 0.5).toFixed(1)}, p99 ${quantile(values, 0.99).toFixed(1)}`
const fast = report(
  'stored alert to receiver, p99',
  quantile(alone, 0.99),
  ' ms',
  { bound: 250, sense: 'at most' },
  `${alone.length} alerts, ms: ${spread(alone)}`,
)
const apart = report(
  'median beside four channels in trouble over the median alone',
  quantile(beside, 0.5) / quantile(alone, 0.5),
  '×',
  { bound: 2, sense: 'at most' },
  `ms: ${spread(beside)}; messages to each of them wait`,
)
process.exitCode = fast && apart ? 0 : 1

async function measure(urls: readonly string[]): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'etcdscope-bench-'))
  const databaseUrl = `file:${join(folder, 'record.db')}`
  const record = await openWriter({ databaseUrl, clock: systemClock })
  const cluster = await record.ensureCluster('bench', 'etcd', false)
  const store = await openAlertStore({ databaseUrl, clock: systemClock })
  const ownership = await store.acquireAlerts('bench', 3_600_000)
  if (ownership === null) throw new Error('the fresh lease was refused')
  const reader = await openReader({ databaseUrl })
  const writer = await openNotifyStore({ databaseUrl, clock: systemClock })
  const channels = urls.map((url, i) =>
    channelInput.parse({ name: `c${i}`, target: { kind: 'webhook', url }, groupIntervalMs: 0 }),
  )
  const check = compilePolicy({ allowPrivate: true, allow: [] })
  const notifier = startNotifier({
    reader,
    writer,
    loadChannels: () => loadChannels(reader, new Uint8Array(32), channels),
    deliver: createDeliver({ check, resolve: systemResolve, timeoutMs: 2_000, nowMs: Date.now, ca: null }),
    ownership: () => ownership,
    externalUrl: 'http://etcdscope.test',
    clock: systemClock,
    random: Math.random,
    newKey: randomUUID,
    log: (line) => console.error(line),
  })
  // The first round loads the channels; what is measured begins after it.
  await systemClock.sleep(1_500)
  const tries: Promise<number>[] = []
  for (let i = 0; i < alertsARound; i++) {
    const id = `${urls.length}-${i}-${randomUUID()}`
    const fromMs = performance.now()
    tries.push(new Promise((resolve) => arrived.set(id, (atMs) => resolve(atMs - fromMs))))
    await store.writeEvaluation(ownership, {
      alerts: [alertOf(id, cluster)],
      transitions: [{ alertId: id, kind: 'firing', atMs: Date.now(), value: 1, summary: id }],
      faults: null,
    })
    notifier.wake()
    await systemClock.sleep(everyMs)
  }
  const took = await Promise.all(tries)
  await notifier.stop()
  for (const part of [writer, reader, store, record]) await part.close()
  rmSync(folder, { recursive: true, force: true })
  return took
}

interface Body {
  readonly alerts?: readonly { readonly id: string }[]
}

/** A receiver; null from `answer` means that it never does. */
async function serve(answer: (body: Body) => { status: number; afterMs: number } | null): Promise<string> {
  const server = createServer(async (request, response) => {
    const told = answer(JSON.parse(await textOf(request)))
    if (told === null) return
    if (told.afterMs > 0) await systemClock.sleep(told.afterMs)
    response.writeHead(told.status).end()
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function alertOf(id: string, cluster: AlertInput['cluster']): AlertInput {
  const nowMs = Date.now()
  return {
    id,
    fingerprint: id,
    ruleId: 'r',
    rule: 'bench',
    cluster,
    severity: 'warning',
    phase: 'firing',
    activeMs: nowMs,
    startsMs: nowMs,
    endsMs: null,
    evaluatedMs: nowMs,
    value: 1,
    peak: 1,
    threshold: 0,
    comparison: '>',
    unit: '',
    labels: { id },
    summary: id,
    annotations: {},
    runbookUrl: null,
    groupKey: id,
    supersededBy: null,
    leaderChangeTerm: null,
    state: null,
  }
}
