import { describe, expect, it } from 'vitest'
import { fillTemplate, unknownPlace, valueText } from '../../../lib/alerts/template'

const values = { plain: { value: '12 ms', cluster: 'prod' }, labels: { member: 'etcd-1', trick: '{{ value }}' } }

describe('a template', () => {
  it.each([
    ['{{ value }} on {{cluster}}', '12 ms on prod'],
    ['{{ $value }} of {{ $labels.member }}', '12 ms of etcd-1'],
    ['{{ labels.member }}/{{ labels.namespace }}', 'etcd-1/'],
    ['what is filled in is not read again: {{ labels.trick }}', 'what is filled in is not read again: {{ value }}'],
    ['unknown names stay: {{ valeu }}', 'unknown names stay: {{ valeu }}'],
    ['{{ constructor }} {{ labels.constructor }}', '{{ constructor }} '],
    ['{{ member.name }}', '{{ member.name }}'],
    ['{{ value | humanize }}', '{{ value | humanize }}'],
    ['{ value } {{}}', '{ value } {{}}'],
  ])('%s', (text, filled) => {
    expect(fillTemplate(text, values)).toBe(filled)
  })

  it('grows no further than its bound', () => {
    const long = fillTemplate('{{ labels.a }}'.repeat(1_000), { plain: {}, labels: { a: 'x'.repeat(1_000) } })
    expect(long.length).toBeLessThan(33_000)
  })

  it.each([
    ['{{ value }} {{ labels.any }}', null],
    ['{{ value }} {{ valeu }}', '{{ valeu }}'],
    ['{{ label.any }}', '{{ label.any }}'],
  ])('%s: the place that can never be filled in is %s', (text, written) => {
    expect(unknownPlace(text, ['value', 'cluster'])).toBe(written)
  })

  it.each<[number | null, string, string]>([
    [0.0123, 'seconds', '12.3 ms'],
    [12, 'seconds', '12 s'],
    [0, 'seconds', '0 s'],
    [3 * 1024 ** 3, 'bytes', '3 GiB'],
    [1234.5, 'bytes', '1.21 KiB'],
    [0.123456, 'ratio', '0.123'],
    [7, '', '7'],
    [7, 'count', '7'],
    [7, 'days', '7 days'],
    [2.5, '1/s', '2.5/s'],
    [2048, 'bytes/s', '2 KiB/s'],
    [null, 'bytes', 'no data'],
    [Number.NaN, 'bytes', 'no data'],
    [Number.POSITIVE_INFINITY, 'ratio', '+Inf'],
  ])('%s %s reads %s', (value, unit, text) => {
    expect(valueText(value, unit)).toBe(text)
  })
})
