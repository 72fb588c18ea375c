import { describe, expect, it } from 'vitest'
import { causeHref } from '../../../app/(screens)/c/[cluster]/alerts/causeHref'
import { alertSeries, chartSpan } from '../../../app/(screens)/c/[cluster]/alerts/prepareAlertChart'
import {
  inOrder,
  notifiedWords,
  openWords,
  prepareVerdict,
  subjectWords,
} from '../../../app/(screens)/c/[cluster]/alerts/prepareAlerts'
import { alertOf, backtestOf } from './alertFixtures'

const nowMs = Date.parse('2026-11-28T12:20:00.000Z')
const verdictOf = (input: Partial<Parameters<typeof prepareVerdict>[0]>) =>
  prepareVerdict({ cluster: 'prod', firing: [], pending: 0, silences: [], channels: undefined, nowMs, ...input })

describe('the verdict', () => {
  it('is quiet when nothing fires', () => {
    expect(verdictOf({})).toEqual({ tone: 'ok', sentence: 'No alert fires on prod', reasons: '' })
  })

  it('takes the tone of the gravest alert and counts each severity', () => {
    const verdict = verdictOf({ firing: [alertOf(), alertOf({ id: 'a2', severity: 'critical' })] })
    expect(verdict.tone).toBe('critical')
    expect(verdict.sentence).toBe('2 alerts fire on prod')
    expect(verdict.reasons).toMatch(/1 critical since .*, 1 warning since /)
  })

  it('counts what is silenced or superseded apart, and never as firing', () => {
    const verdict = verdictOf({
      firing: [alertOf({ silencedBy: 's1' }), alertOf({ id: 'a2', supersededBy: 'a3' })],
    })
    expect(verdict).toMatchObject({ tone: 'ok', sentence: 'No alert fires on prod' })
    expect(verdict.reasons).toContain('1 silenced')
  })

  it('says when nobody is told', () => {
    expect(verdictOf({ channels: [] }).reasons).toContain('Nobody is told')
    expect(verdictOf({ channels: undefined }).reasons).not.toContain('Nobody')
  })
})

describe('the order of alerts', () => {
  it('is the gravest first, of equals the newest, what is held back last', () => {
    const alerts = [
      alertOf({ id: 'old', startsAt: '2026-11-28T10:00:00.000Z' }),
      alertOf({ id: 'silenced', severity: 'critical', silencedBy: 's' }),
      alertOf({ id: 'new', startsAt: '2026-11-28T12:00:00.000Z' }),
      alertOf({ id: 'critical', severity: 'critical', startsAt: '2026-11-28T09:00:00.000Z' }),
      alertOf({ id: 'info', severity: 'info' }),
    ]
    expect(inOrder(alerts).map(({ id }) => id)).toEqual(['critical', 'new', 'old', 'info', 'silenced'])
  })
})

describe('words about one alert', () => {
  const sent = (channel: string, at: string) => ({ channel, at, state: 'sent' as const })
  it.each<[string, Parameters<typeof alertOf>[0], RegExp]>([
    ['nothing sent', {}, /^not sent$/],
    ['one sent', { notified: [sent('#oncall', '2026-11-28T12:11:00.000Z')] }, /^sent to #oncall \d\d:\d\d:\d\d$/],
    [
      'several sent: the newest',
      { notified: [sent('a', '2026-11-28T12:11:00.000Z'), sent('b', '2026-11-28T12:12:00.000Z')] },
      /^sent to b and 1 more /,
    ],
    [
      'waiting',
      { notified: [{ channel: 'pager', at: '2026-11-28T12:11:00.000Z', state: 'waiting' }] },
      /^waits for pager$/,
    ],
    [
      'a failure before all else',
      {
        notified: [
          sent('a', '2026-11-28T12:11:00.000Z'),
          { channel: 'pager', at: '2026-11-28T12:11:00.000Z', state: 'failed' },
        ],
      },
      /^could not be sent to pager$/,
    ],
  ])('%s', (_what, overrides, words) => {
    expect(notifiedWords(alertOf(overrides))).toMatch(words)
  })

  it('tell how long it fires, or fired', () => {
    expect(openWords(alertOf(), nowMs)).toBe('10 min')
    expect(openWords(alertOf({ endsAt: '2026-11-28T12:12:30.000Z' }), nowMs)).toBe('2 min 30 s')
  })

  it('name the subject without what is said elsewhere', () => {
    expect(subjectWords({ alertname: 'x', cluster: 'prod', severity: 'warning', member: 'etcd-1', To: '8f' })).toBe(
      'etcd-1, To 8f',
    )
  })

  it('lead to where the cause is seen', () => {
    const href = (labels: Record<string, string>) => causeHref('prod eu', alertOf({ labels }))?.href
    expect(href({ kind: 'Deployment', namespace: 'shop', name: 'web' })).toBe(
      '/c/prod%20eu/workloads/Deployment/shop/web',
    )
    expect(href({ kind: 'Node', name: 'n1' })).toBe('/c/prod%20eu/workloads/Node/-/n1')
    expect(href({ resource: 'secrets', namespace: 'shop', name: 'db' })).toBe(
      '/c/prod%20eu/history?resource=secrets&namespace=shop&name=db',
    )
    expect(href({ member: 'etcd-1' })).toBe('/c/prod%20eu/members')
    expect(href({})).toBeUndefined()
  })
})

describe('the chart of an alert', () => {
  it('shows at least half an hour, more of it before than since, and asks the same question for a minute', () => {
    const span = chartSpan(alertOf(), nowMs)
    expect(span.toMs - span.fromMs).toBe(50 * 60_000)
    expect(chartSpan(alertOf(), nowMs - 30_000)).toEqual(span)
    expect(chartSpan(alertOf({ activeAt: '2026-11-28T12:19:00.000Z' }), nowMs).fromMs).toBe(nowMs - 30 * 60_000)
  })

  it('draws the series that the alert is about, and no other', () => {
    const answer = backtestOf({
      series: [
        { labels: { member: 'etcd-1' }, points: [[1, 2]] },
        { labels: { member: 'etcd-2' }, points: [[1, 3]] },
      ],
    })
    expect(alertSeries(alertOf(), answer).map(({ name }) => name)).toEqual(['etcd-1'])
    expect(alertSeries(alertOf({ labels: {} }), answer)).toEqual([])
  })
})
