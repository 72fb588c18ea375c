import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parseMetricsText } from '../../../lib/etcd/metricsText'

const fixture = (name: string) =>
  gunzipSync(readFileSync(path.resolve(import.meta.dirname, `../../fixtures/metrics/${name}.txt.gz`))).toString('utf8')

describe.each(['etcd-3.4.23', 'etcd-3.5.30-extensive-member1', 'etcd-3.6.13-member1'])('the text of %s', (name) => {
  const text = fixture(name)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

  it('is read to the last line: every sample of the text is in a family', () => {
    const counted = parseMetricsText(text, null).reduce(
      (sum, family) =>
        sum +
        family.series.reduce((n, one) => {
          const besides = Number.isNaN(one.value) && family.type === 'summary' ? 0 : 1
          return n + besides + (one.histogram ? one.histogram.bounds.length + 1 : 0)
        }, 0),
      0,
    )
    // A summary's sum line shares the series of its count line.
    const summarySums = lines.filter((line) => /^go_gc_duration_seconds_sum/.test(line)).length
    expect(counted).toBe(lines.length - summarySums)
  })

  it('gives the values that a search for the line gives', () => {
    for (const metric of ['etcd_server_has_leader', 'etcd_mvcc_db_total_size_in_bytes', 'process_start_time_seconds']) {
      const line = lines.find((candidate) => candidate.startsWith(`${metric} `)) ?? ''
      const [family, ...others] = parseMetricsText(text, new Set([metric]))
      expect(others).toEqual([])
      expect(family?.series).toEqual([{ labels: {}, value: Number(line.split(' ')[1]) }])
    }
  })

  it('assembles a histogram from its lines', () => {
    const metric = 'etcd_disk_wal_fsync_duration_seconds'
    const [family] = parseMetricsText(text, new Set([metric]))
    const buckets = lines
      .filter((line) => line.startsWith(`${metric}_bucket`))
      .map((line) => Number(line.split(' ')[1]))
    const histogram = family?.series[0]?.histogram
    expect(family?.type).toBe('histogram')
    expect(histogram?.cumulative).toEqual(buckets)
    expect(histogram?.bounds.slice(0, 2)).toEqual([0.001, 0.002])
    expect(histogram?.bounds.at(-1)).toBe(Number.POSITIVE_INFINITY)
    expect(family?.series[0]?.value).toBe(histogram?.cumulative.at(-1))
    expect(histogram?.sum).toBe(Number(lines.find((line) => line.startsWith(`${metric}_sum`))?.split(' ')[1]))
  })

  it('tells series of one family apart by their labels', () => {
    const metric = 'grpc_server_handled_total'
    const [family] = parseMetricsText(text, new Set([metric]))
    expect(family?.series).toHaveLength(lines.filter((line) => line.startsWith(`${metric}{`)).length)
    const watchOk = family?.series.find((one) => one.labels.grpc_method === 'Range' && one.labels.grpc_code === 'OK')
    expect(watchOk?.labels.grpc_service).toBe('etcdserverpb.KV')
  })
})

describe('the text format', () => {
  it.each<[string, string, unknown]>([
    ['escapes in label values', 'm{a="x\\"y\\\\z\\n",b=""} 1', { labels: { a: 'x"y\\z\n', b: '' }, value: 1 }],
    ['braces and commas in label values', 'm{a="{x},y=\\"1\\""} 2', { labels: { a: '{x},y="1"' }, value: 2 }],
    ['a trailing comma', 'm{a="b",} 3', { labels: { a: 'b' }, value: 3 }],
    ['a time stamp', 'm 4.5e+06 1700000000000', { labels: {}, value: 4500000 }],
    ['NaN', 'm NaN', { labels: {}, value: Number.NaN }],
    ['negative infinity', 'm -Inf', { labels: {}, value: Number.NEGATIVE_INFINITY }],
  ])('%s', (_, line, series) => {
    expect(parseMetricsText(`# TYPE m gauge\n${line}\n`, null)).toEqual([
      { name: 'm', type: 'gauge', series: [series] },
    ])
  })

  it.each(['m{a="b 1', 'm{a} 1', 'm', 'm x', 'm{a="b"}'])('a broken line is left out: %s', (line) => {
    const text = `# TYPE m gauge\n${line}\n# TYPE n gauge\nn 1`
    expect(parseMetricsText(text, null).map((family) => family.name)).toEqual(['n'])
  })

  it('a family whose name ends like a part of a histogram is its own', () => {
    const text = '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum 2\na_count 1\n# TYPE b_count gauge\nb_count 7\n'
    expect(parseMetricsText(text, new Set(['b_count']))).toEqual([
      { name: 'b_count', type: 'gauge', series: [{ labels: {}, value: 7 }] },
    ])
  })
})
