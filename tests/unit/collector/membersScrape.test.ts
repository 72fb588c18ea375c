import { describe, expect, it } from 'vitest'
import { samplesBetween } from '../../../lib/collector/members/counterRates'
import { memberScrape, seriesPerMemberLimit, writtenBy } from '../../../lib/collector/members/memberScrape'
import type { ScrapedFamily, ScrapedPoint } from '../../../lib/collector/members/memberTransport'
import { MetricsScraper } from '../../../lib/collector/members/metricsScraper'

const family = (name: string, ...series: ScrapedPoint[]): ScrapedFamily => ({ name, series })
const one = (value: number, labels: Record<string, string> = {}): ScrapedPoint => ({ labels, value })
const m1 = { id: 'a1', name: 'm1' }
const names = new Map([
  ['a1', 'm1'],
  ['b2', 'm2'],
])

const kept = (families: ScrapedFamily[]) =>
  [...memberScrape(families, m1, names, 1000).series.values()].map((s) => [s.metric, s.kind, s.labels])

describe('the series kept of a scrape', () => {
  it('are the wanted families, labelled with the member, labels in order', () => {
    const labels = { client_api_version: '3.5', member: 'm1', member_id: 'a1', type: 'unary' }
    expect(
      kept([
        family('etcd_server_client_requests_total', one(3, { type: 'unary', client_api_version: '3.5' })),
        family('go_info', one(1)),
      ]),
    ).toEqual([['etcd_server_client_requests_total', 'counter', labels]])
    const [first] = memberScrape(
      [family('etcd_server_client_requests_total', one(3, labels))],
      m1,
      names,
      0,
    ).series.values()
    expect(Object.keys(first?.labels ?? {})).toEqual(['client_api_version', 'member', 'member_id', 'type'])
  })

  const peers: [string, Record<string, string>, Record<string, string>][] = [
    ['etcd_network_peer_sent_bytes_total', { To: 'b2' }, { to: 'm2' }],
    ['etcd_network_peer_received_bytes_total', { From: 'b2' }, { from: 'm2' }],
    ['etcd_network_active_peers', { Local: 'a1', Remote: 'b2' }, { to: 'm2' }],
    ['etcd_network_peer_sent_bytes_total', { To: 'ff' }, { to: 'ff' }],
  ]
  it.each(peers)('%s names the peer: %j', (metric, given, expected) => {
    expect(kept([family(metric, one(1, given))])[0]?.[2]).toEqual({ ...expected, member: 'm1', member_id: 'a1' })
  })

  it('etcd counts exposed as gauges are counters', () => {
    expect(kept([family('etcd_disk_wal_write_bytes_total', one(9))])[0]?.[1]).toBe('counter')
  })

  it('a label set that is first used counts from 0, though it was left out before', () => {
    const at = (atMs: number, value: number) =>
      memberScrape(
        [
          family('process_start_time_seconds', one(7)),
          family('grpc_server_handled_total', one(value, { grpc_method: 'Range' })),
        ],
        m1,
        names,
        atMs,
      )
    expect(at(0, 0).series.size).toBe(1)
    const samples = samplesBetween(at(0, 0), at(5000, 3)).filter((s) => s.metric === 'grpc_server_handled_total')
    expect(samples).toMatchObject([{ value: 3, spanMs: 5000 }])
  })

  it('are bounded, and what is over is counted', () => {
    const many = Array.from({ length: seriesPerMemberLimit + 5 }, (_, i) => one(1, { type: String(i) }))
    const scrape = memberScrape([family('etcd_server_client_requests_total', ...many)], m1, names, 0)
    expect(scrape.series.size).toBe(seriesPerMemberLimit)
    expect(scrape.overLimit).toBe(5)
  })

  it('the text says whose it is', () => {
    expect(writtenBy([family('etcd_server_id', one(1, { server_id: 'b2' }))])).toBe('b2')
    expect(writtenBy([])).toBeNull()
  })
})

describe('the scraper', () => {
  it('with metrics URLs of their own, knows the member by the id in the text', async () => {
    const logs: string[] = []
    const transport = {
      connect: () => {
        throw new Error('not asked in this test')
      },
      async scrape(url: string) {
        if (url.endsWith(':3')) throw new Error('refused')
        const id = url.endsWith(':1') ? 'a1' : 'ff'
        return [family('etcd_server_id', one(1, { server_id: id })), family('go_goroutines', one(5))]
      },
    }
    const scraper = new MetricsScraper(
      transport,
      ['http://h:1', 'http://h:2', 'http://h:3'],
      () => 0,
      (message) => logs.push(message),
    )
    const targets = [{ ...m1, endpoint: 'http://x:2379' }]
    const round = () => scraper.round(targets, new AbortController().signal)
    expect((await round()).map((s) => s.labels)).toEqual([{ member: 'm1', member_id: 'a1' }])
    await round()
    expect(logs.sort()).toEqual([
      'http://h:2/metrics belongs to no known member',
      'http://h:3/metrics is not scraped: refused',
    ])
  })
})
