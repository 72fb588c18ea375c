import { openReader } from '../../lib/store'
import { launchBrowser } from '../support/browser'
import { startEtcd } from '../support/etcdServer'
import { startProduct } from '../support/product'
import { until } from '../support/until'
import { discardLoad, prepareLoad, runLoad } from './benchProcess'
import { quantile, report, storedRevision, watchMemory } from './measure'

/**
 * Put acknowledged → durable at 500 events/s; put acknowledged → painted in Chromium; and how fast pages and their
 * data answer while 5,000 events/s come in.
 */

await prepareLoad()
const etcd = await startEtcd({ version: '3.5', members: 1 })
const endpoint = etcd.endpoints[0] ?? ''
await etcd.etcdctl('put', 'first', 'one')
const product = await startProduct({ ETCDCTL_ENDPOINTS: endpoint })
const reader = await openReader({ databaseUrl: product.databaseUrl })
const browser = await launchBrowser()
const results: boolean[] = []
try {
  await until('the record to be live', async () => (await storedRevision(reader)) >= 2, 30_000)
  const collectorPid = await product.collectorPid()
  const memory = watchMemory({ web: product.serverPid, collector: () => collectorPid })
  await durable()
  await painted()
  await pages()
  const peak = memory()
  results.push(
    report(
      'memory during the bench',
      Math.max(...Object.values(peak)),
      ' MiB',
      { bound: 400, sense: 'at most' },
      JSON.stringify(peak),
    ),
  )
} finally {
  await browser.close()
  await reader.close()
  await product.dispose()
  await etcd.stop()
  await discardLoad()
}
process.exitCode = results.every(Boolean) ? 0 : 1

/** From the acknowledgement to the first moment at which another process reads the committed row. */
async function durable(): Promise<void> {
  const seen: [revision: number, atMs: number][] = []
  let watching = true
  const watcher = (async () => {
    let version = -1
    while (watching) {
      const now = reader.version()
      if (now !== version) {
        version = now
        seen.push([await storedRevision(reader), Date.now()])
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })()
  // The collector has just started: its code is compiled within the first seconds of work, once.
  await runLoad(endpoint, 'paced', 4, 500, 1024)
  const load = await runLoad(endpoint, 'paced', 10, 500, 1024)
  const last = Math.max(...(load.acknowledged ?? []).map(([revision]) => revision))
  await until('everything stored', () => (seen.at(-1)?.[0] ?? 0) >= last)
  watching = false
  await watcher
  let at = 0
  const waits = (load.acknowledged ?? [])
    .sort((a, b) => a[0] - b[0])
    .map(([revision, ackMs]) => {
      while ((seen[at]?.[0] ?? Number.POSITIVE_INFINITY) < revision) at++
      return Math.max(0, (seen[at]?.[1] ?? Number.NaN) - ackMs)
    })
  results.push(
    report(
      'put acknowledged → durable, p99 at 500/s',
      quantile(waits, 0.99),
      ' ms',
      { bound: 50, sense: 'at most' },
      `p50 ${quantile(waits, 0.5).toFixed(1)} ms, ${waits.length} puts`,
    ),
  )
}

/** A history page is open; each put's summary row must be painted. */
async function painted(): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`${product.address}/c/default/history?prefix=paint%2F`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.evaluate(() => {
    const seen: Record<string, number> = {}
    Object.assign(window, { paintedAt: seen })
    new MutationObserver(() => {
      for (const match of (document.querySelector('main')?.innerText ?? '').matchAll(/paint\/(\d+)/g)) {
        const id = match[1] ?? ''
        // Two frames: the first callback runs before the paint that shows the change, the second after it.
        if (!(id in seen)) {
          seen[id] = -1
          requestAnimationFrame(() =>
            requestAnimationFrame(() => {
              seen[id] = Date.now()
            }),
          )
        }
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  const client = new (await import('etcd3')).Etcd3({ hosts: [endpoint] })
  const waits: number[] = []
  try {
    for (let i = 0; i < 60; i++) {
      await client.put(`paint/${i}`).value(`v${i}`).exec()
      const ackMs = Date.now()
      const shownMs = await until(`paint/${i} on the page`, async () => {
        const at = await page.evaluate(
          (id) => (window as unknown as { paintedAt: Record<string, number> }).paintedAt[id] ?? -1,
          String(i),
        )
        return at > 0 ? at : null
      })
      waits.push(shownMs - ackMs)
      await new Promise((resolve) => setTimeout(resolve, 120 + (i % 7) * 60))
    }
  } finally {
    client.close()
    await page.close()
  }
  const detail = `${waits.length} puts, one open history page, longest ${[...waits].sort((a, b) => b - a).slice(0, 4)} ms`
  results.push(
    report('put acknowledged → painted, p50', quantile(waits, 0.5), ' ms', { bound: 150, sense: 'at most' }, detail),
  )
  results.push(
    report('put acknowledged → painted, p99', quantile(waits, 0.99), ' ms', { bound: 500, sense: 'at most' }, detail),
  )
}

async function pages(): Promise<void> {
  const paths = [
    '/',
    '/c/default/members',
    '/c/default/revisions',
    '/c/default/history',
    '/c/default/keys',
    '/api/v1/clusters',
    '/api/v1/clusters/default/members',
    '/api/v1/clusters/default/changes?limit=100',
    '/api/v1/clusters/default/activity?from=-15m&by=resource',
    '/api/v1/clusters/default/keys?delimiter=/',
  ]
  let loading = true
  const load = runLoad(endpoint, 'transactions', 15, 500, 512).finally(() => {
    loading = false
  })
  const waits: number[] = []
  while (loading) {
    for (const path of paths) {
      const startedMs = performance.now()
      const answer = await fetch(`${product.address}${path}`)
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
      waits.push(performance.now() - startedMs)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const done = await load
  results.push(
    report(
      'pages and their data, p95 under load',
      quantile(waits, 0.95),
      ' ms',
      { bound: 200, sense: 'at most' },
      `${waits.length} answers, p50 ${quantile(waits, 0.5).toFixed(1)} ms, ${Math.round(done.puts / done.seconds)} events/s`,
    ),
  )
}
