import { describe, expect, it } from 'vitest'
import {
  changesQuery,
  clusterName,
  describeMetric,
  instantParam,
  int64,
  metric,
  metricCatalogue,
} from '../../../lib/contract'

describe('parameters', () => {
  it('of a list are commas apart, empty ones left out, each checked', () => {
    expect(changesQuery.parse({ op: 'create,,delete' }).op).toEqual(['create', 'delete'])
    expect(changesQuery.parse({}).op).toBeUndefined()
    expect(changesQuery.safeParse({ op: 'create,destroy' }).success).toBe(false)
  })
  it.each([
    [instantParam, ['now', '-1h', '1772366400000', '2026-02-28T23:59:59.123Z'], ['1h', 'soon', '12', '2026-02-28']],
    [int64, ['0', '9223372036854775807'], ['-1', '1.5', '0x10', '', '12345678901234567890']],
    [clusterName, ['default', 'prod-1.eu_west'], ['', '../etc', 'a b', '-x', 'x'.repeat(64)]],
  ])('hold their form', (schema, good, bad) => {
    for (const text of good) expect(schema.safeParse(text).success, text).toBe(true)
    for (const text of bad) expect(schema.safeParse(text).success, text).toBe(false)
  })
  it('of a page are bounded', () => {
    expect(changesQuery.parse({}).limit).toBe(100)
    expect(changesQuery.safeParse({ limit: '1001' }).success).toBe(false)
    expect(changesQuery.safeParse({ limit: '0' }).success).toBe(false)
  })
})

describe('the metric catalogue', () => {
  it('holds valid rows, each once, with a sentence', () => {
    expect(metricCatalogue.size).toBeGreaterThan(60)
    for (const row of metricCatalogue.values()) {
      expect(metric.parse(row).help).toMatch(/^\S.{3,}\.$/)
    }
  })
  it.each([
    ['my_queue_bytes', 'gauge', 'bytes'],
    ['my_read_bytes_total', 'counter', 'bytes/s'],
    ['my_errors_total', 'counter', '1/s'],
    ['my_wait_seconds', 'histogram', 'seconds'],
    ['my_things', 'gauge', 'count'],
  ] as const)('guesses the unit of %s, a %s, from its name', (name, kind, unit) => {
    expect(describeMetric(name, kind)).toMatchObject({ unit, kind })
  })
})
