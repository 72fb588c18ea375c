import { describe, expect, it } from 'vitest'
import { family, printFamilies } from '../../../lib/query/prometheusText'

describe('the Prometheus text', () => {
  it('escapes help and label values as the format says', () => {
    const text = printFamilies([
      family('x_total', 'counter', 'back\\slash\nand line', [{ labels: { a: 'q"u\\o\nte', b: 'ä' }, value: 1.5 }]),
    ])
    expect(text).toBe(
      '# HELP x_total back\\\\slash\\nand line\n# TYPE x_total counter\nx_total{a="q\\"u\\\\o\\nte",b="ä"} 1.5\n',
    )
  })
  it('prints infinities its way, and leaves unknown values and empty families out', () => {
    const text = printFamilies([
      family('a', 'gauge', 'A.', [
        { labels: {}, value: Number.POSITIVE_INFINITY },
        { labels: { x: '1' }, value: Number.NaN },
      ]),
      family('b', 'gauge', 'B.', []),
      family('c', 'gauge', 'C.', [{ labels: {}, value: Number.NaN }]),
    ])
    expect(text).toBe('# HELP a A.\n# TYPE a gauge\na +Inf\n')
  })
})
