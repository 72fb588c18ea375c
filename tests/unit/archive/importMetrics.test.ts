import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { importMetrics, type MetricImportOptions } from '../../../lib/archive/importMetrics'
import { systemClock } from '../../../lib/core/clock'
import { seededRandom } from '../../support/seededRandom'
import { type TestRecord, temporaryFolder, testRecord } from '../store/recordFixture'

const start = Date.UTC(2026, 0, 5)
const scrapeMs = 15_000
const at = (scrape: number) => start + scrape * scrapeMs
const seconds = (ms: number) => (ms / 1000).toFixed(3)
const target = (instance: string) => `instance="${instance}",job="etcd"`

type Form = 'openmetrics' | 'prometheus'

/** `name{labels} value time` in the two forms that Prometheus writes. */
function line(form: Form, name: string, labels: string, value: number | string, scrape: number): string {
  return `${name}{${labels}} ${value} ${form === 'openmetrics' ? seconds(at(scrape)) : at(scrape)}`
}

interface Told {
  readonly instance: string
  /** Totals at each scrape; null: it was not scraped. */
  readonly puts: readonly (number | null)[]
  readonly size: readonly (number | null)[]
  /** Cumulative counts of ≤ 1 ms, ≤ 2 ms, all. */
  readonly fsync: readonly (readonly [number, number, number] | null)[]
  readonly processStart?: readonly number[]
}

function linesOf(form: Form, { instance, puts, size, fsync, processStart }: Told): string[] {
  const labels = target(instance)
  const each = <T>(values: readonly (T | null)[], write: (value: T, scrape: number) => string[]) =>
    values.flatMap((value, scrape) => (value === null ? [] : write(value, scrape)))
  return [
    ...each(puts, (value, scrape) => [line(form, 'etcd_mvcc_put_total', labels, value, scrape)]),
    ...each(size, (value, scrape) => [line(form, 'etcd_mvcc_db_total_size_in_bytes', labels, value, scrape)]),
    ...each(processStart ?? [], (value, scrape) => [line(form, 'process_start_time_seconds', labels, value, scrape)]),
    // As a dump of the database: one series after the other.
    ...[0, 1, 2].flatMap((bucket) => {
      const le = ['0.001', '0.002', '+Inf'][bucket]
      return each(fsync, (counts, scrape) => [
        line(form, 'etcd_disk_wal_fsync_duration_seconds_bucket', `${labels},le="${le}"`, counts[bucket] ?? 0, scrape),
      ])
    }),
    ...each(fsync, (counts, scrape) => [
      line(form, 'etcd_disk_wal_fsync_duration_seconds_sum', labels, counts[2] / 1000, scrape),
      line(form, 'etcd_disk_wal_fsync_duration_seconds_count', labels, counts[2], scrape),
    ]),
  ]
}

const two: readonly Told[] = [
  {
    instance: '10.0.0.1:2379',
    puts: [100, 110, 130, 131],
    size: [1000, 2000, 1500, 1500],
    fsync: [
      [5, 6, 6],
      [10, 12, 12],
      [10, 12, 13],
      [11, 13, 14],
    ],
  },
  {
    instance: '10.0.0.2:2379',
    puts: [7, 8, 9, 12],
    size: [1, 2, 3, 4],
    fsync: [
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 3],
      [4, 4, 4],
    ],
  },
]

let record: TestRecord
let files = 0

async function imported(text: string | Buffer, options: Partial<MetricImportOptions> = {}) {
  const file = join(temporaryFolder(), `metrics-${files++}.txt`)
  writeFileSync(file, text)
  return await importMetrics({
    file,
    cluster: 'past',
    writer: record.writer,
    reader: record.reader,
    clock: systemClock,
    signal: new AbortController().signal,
    log: () => undefined,
    ...options,
  })
}

/** Everything that the record holds of the cluster's samples. */
async function stored(cluster = 'past') {
  const row = await record.reader.cluster(cluster)
  if (row === null) return null
  const metrics = (await record.reader.metricNames(row)).map(({ metric }) => metric)
  const found = await record.reader.samples(row, { metrics, afterMs: 0, toMs: start + 400 * 86_400_000 })
  return found.map(({ metric, labels, kind, bounds, samples }) => ({ metric, labels, kind, bounds, samples }))
}

async function samplesOf(metric: string, member: string) {
  const found = (await stored())?.find((one) => one.metric === metric && one.labels.member === member)
  return found?.samples.map(({ atMs, value, spanMs, counts }) => [
    (atMs - start) / scrapeMs,
    value,
    spanMs,
    ...(counts === undefined ? [] : [counts]),
  ])
}

describe('metrics of a Prometheus', () => {
  test.each<Form>(['openmetrics', 'prometheus'])(
    'become increases, gauges and bucket increases of each member: %s',
    async (form) => {
      record = await testRecord()
      const result = await imported(`# HELP x y\n${two.flatMap((told) => linesOf(form, told)).join('\n')}\n# EOF\n`)
      expect(result.members).toEqual(['10.0.0.1:2379', '10.0.0.2:2379'])
      expect(await samplesOf('etcd_mvcc_put_total', '10.0.0.1:2379')).toEqual([
        [1, 10, scrapeMs],
        [2, 20, scrapeMs],
        [3, 1, scrapeMs],
      ])
      expect(await samplesOf('etcd_mvcc_put_total', '10.0.0.2:2379')).toEqual([
        [1, 1, scrapeMs],
        [2, 1, scrapeMs],
        [3, 3, scrapeMs],
      ])
      expect(await samplesOf('etcd_mvcc_db_total_size_in_bytes', '10.0.0.1:2379')).toEqual([
        [0, 1000, 0],
        [1, 2000, 0],
        [2, 1500, 0],
        [3, 1500, 0],
      ])
      expect(await samplesOf('etcd_disk_wal_fsync_duration_seconds', '10.0.0.1:2379')).toEqual([
        [1, 6, scrapeMs, [5, 1, 0]],
        [2, 1, scrapeMs, [0, 0, 1]],
        [3, 1, scrapeMs, [1, 0, 0]],
      ])
    },
  )

  test('read the same in any order, gzipped, and however little is held at once', async () => {
    const lines = two.flatMap((told) => linesOf('prometheus', told))
    // A day later once more: another slice.
    const later = lines.map((text) => text.replace(/\d{13}$/, (ms) => String(Number(ms) + 3_600_000)))
    const text = [...lines, ...later].join('\n')
    record = await testRecord()
    await imported(text)
    const expected = await stored()
    const random = seededRandom(7)
    const shuffled = [...lines, ...later].map((one) => [random(), one] as const).sort(([a], [b]) => a - b)
    for (const [form, options] of [
      [text, { samplesAtOnce: 10 }],
      [gzipSync(text), {}],
      [shuffled.map(([, one]) => one).join('\n'), { samplesAtOnce: 50 }],
    ] as const) {
      record = await testRecord()
      await imported(form, options)
      expect(await stored()).toEqual(expected)
    }
  })

  test('change nothing when they are imported again', async () => {
    record = await testRecord()
    const text = two.flatMap((told) => linesOf('openmetrics', told)).join('\n')
    await imported(text)
    const once = await stored()
    await imported(text)
    expect(await stored()).toEqual(once)
  })

  test('begin anew where a counter went back or the process was replaced: nothing is invented over it', async () => {
    record = await testRecord()
    const reset: Told = {
      instance: 'a',
      puts: [100, 110, 4, 6, 9, 20],
      size: [],
      fsync: [
        [5, 5, 5],
        [9, 9, 9],
        [1, 1, 1],
        [2, 2, 3],
        [4, 4, 5],
        [9, 9, 10],
      ],
      // The process that counts 9 is another one than the one that counted 6, although no counter tells.
      processStart: [1, 1, 2, 2, 3, 3],
    }
    await imported(linesOf('prometheus', reset).join('\n'))
    expect(await samplesOf('etcd_mvcc_put_total', 'a')).toEqual([
      [1, 10, scrapeMs],
      [3, 2, scrapeMs],
      [5, 11, scrapeMs],
    ])
    expect(await samplesOf('etcd_disk_wal_fsync_duration_seconds', 'a')).toEqual([
      [1, 4, scrapeMs, [4, 0, 0]],
      [3, 2, scrapeMs, [1, 0, 1]],
      [5, 5, scrapeMs, [5, 0, 0]],
    ])
  })

  test('that were missed for a while are one increase over that while; over too long a while none', async () => {
    record = await testRecord()
    const gap = Array.from({ length: 40 }, (_, scrape) =>
      scrape === 0 || scrape === 3 || scrape === 39 ? scrape * 10 : null,
    )
    await imported(linesOf('prometheus', { instance: 'a', puts: gap, size: [], fsync: [] }).join('\n'))
    expect(await samplesOf('etcd_mvcc_put_total', 'a')).toEqual([[3, 30, 3 * scrapeMs]])
  })

  test('of a new cluster are an archive, with what each member was', async () => {
    record = await testRecord()
    const labels = target('a')
    const lines = [1, 1, 0, 1].flatMap((leads, scrape) => [
      line('prometheus', 'up', labels, scrape === 2 ? 0 : 1, scrape),
      ...(scrape === 2 ? [] : [line('prometheus', 'etcd_server_is_leader', labels, leads, scrape)]),
    ])
    await imported(lines.join('\n'))
    const row = await record.reader.cluster('past')
    expect(row?.snapshot?.document).toMatchObject({ state: 'archived', since: new Date(at(3)).toISOString() })
    const states = row === null ? [] : await record.reader.memberStates(row, 0, at(10))
    expect(states.map(({ state, fromMs, toMs }) => [state, fromMs, toMs])).toEqual([
      ['leader', at(0), at(1)],
      ['down', at(2), at(2)],
      ['leader', at(3), at(3)],
    ])
  })

  test('may have their name among the labels, as a dump of the database prints it', async () => {
    record = await testRecord()
    await imported(`{__name__="etcd_server_has_leader", instance="a", job="etcd"} 1 ${at(0)}`)
    expect(await samplesOf('etcd_server_has_leader', 'a')).toEqual([[0, 1, 0]])
  })

  test('know their members by id, and name the peers', async () => {
    record = await testRecord()
    const lines = [
      line('prometheus', 'etcd_server_id', `${target('a:1')},server_id="8e9e05c52164694d"`, 1, 0),
      line(
        'prometheus',
        'etcd_network_active_peers',
        `${target('a:1')},Local="8e9e05c52164694d",Remote="91bc3c398fb3c146"`,
        1,
        0,
      ),
      line('prometheus', 'etcd_server_id', `${target('b:1')},server_id="91bc3c398fb3c146"`, 1, 0),
    ]
    await imported(lines.join('\n'))
    expect((await stored())?.map(({ labels }) => labels)).toEqual([
      { member: 'a:1', member_id: '8e9e05c52164694d', to: 'b:1' },
    ])
  })

  test('leave out other programs and what is not kept, and say how much', async () => {
    record = await testRecord()
    const lines = [
      line('prometheus', 'etcd_server_has_leader', target('a'), 1, 0),
      line('prometheus', 'up', target('a'), 1, 0),
      line('prometheus', 'up', 'instance="node:9100",job="node"', 1, 0),
      line('prometheus', 'node_load1', 'instance="node:9100"', 1, 0),
    ]
    expect(await imported(lines.join('\n'))).toMatchObject({ members: ['a'], leftOut: 1 })
    expect((await stored())?.map(({ metric, labels }) => [metric, labels.member])).toEqual([
      ['etcd_server_has_leader', 'a'],
      ['up', 'a'],
    ])
  })

  test('reach only up to where the record of a watched cluster begins', async () => {
    record = await testRecord()
    const own = {
      metric: 'etcdscope_raft_term',
      labels: { member: 'a', member_id: '1' },
      kind: 'gauge' as const,
      value: 2,
      spanMs: 0,
    }
    await record.writer.writeSamples(record.cluster, at(2), [own])
    await imported(linesOf('prometheus', { instance: 'a', puts: [1, 2, 3, 4], size: [], fsync: [] }).join('\n'), {
      cluster: 'prod',
    })
    const puts = (await stored('prod'))?.find(({ metric }) => metric === 'etcd_mvcc_put_total')
    expect(puts?.samples.map(({ atMs }) => (atMs - start) / scrapeMs)).toEqual([1])
  })

  test('stay as they came when upkeep rolls up and drops, and are rolled up for charts', async () => {
    record = await testRecord()
    await imported(linesOf('prometheus', two[0] as Told).join('\n'))
    const before = await stored()
    await record.writer.maintainSamples(start + 40 * 86_400_000)
    await record.writer.maintainSamples(start + 40 * 86_400_000)
    expect(await stored()).toEqual(before)
    const row = await record.reader.cluster('past')
    const chart =
      row &&
      (await record.reader.series(row, {
        metric: 'etcd_mvcc_put_total',
        fromMs: start,
        toMs: start + 600_000,
        stepMs: 600_000,
        agg: 'sum',
      }))
    expect(chart?.[0]?.points).toEqual([[start, 31]])
  })
})

describe('a file that cannot be read changes nothing and names the line', () => {
  const good = line('prometheus', 'etcd_server_has_leader', target('a'), 1, 0)
  test.each([
    ['no time', 'etcd_server_has_leader{instance="a"} 1', 'line 2: it has no time'],
    ['no number', `etcd_server_has_leader{instance="a"} one ${at(0)}`, 'its value "one" is no number'],
    ['no value', 'etcd_server_has_leader{instance="a"}', 'it has no value'],
    ['broken labels', `etcd_server_has_leader{instance="a} 1 ${at(0)}`, 'labels cannot be read'],
    ['nobody', `etcd_server_has_leader{job="etcd"} 1 ${at(0)}`, 'neither the label instance nor endpoint'],
    ['too much', `etcd_server_has_leader{instance="a"} 1 ${at(0)} 7`, 'more than a value and a time'],
    ['a bad time', 'etcd_server_has_leader{instance="a"} 1 -4', 'its time "-4" is none'],
    ['no bound', `etcd_disk_wal_fsync_duration_seconds_bucket{instance="a"} 1 ${at(0)}`, 'no label le'],
    ['no text', '\u0000\u0001 not metrics', 'is no'],
  ])('%s', async (_, bad, message) => {
    record = await testRecord()
    await expect(imported(`${good}\n${bad}\n`)).rejects.toThrow(message)
    expect(await stored()).toBeNull()
  })

  test('a gzip file that ends early', async () => {
    record = await testRecord()
    const text = Array.from({ length: 5_000 }, (_, scrape) =>
      line('prometheus', 'etcd_server_has_leader', target('a'), scrape % 7, scrape),
    ).join('\n')
    await expect(imported(gzipSync(text).subarray(0, 2_000))).rejects.toThrow('damaged gzip file')
    expect(await stored()).toBeNull()
  })

  test('a file without any etcd member', async () => {
    record = await testRecord()
    await expect(imported(line('prometheus', 'up', target('a'), 1, 0))).rejects.toThrow('no metrics of an etcd member')
    expect(await stored()).toBeNull()
  })
})
