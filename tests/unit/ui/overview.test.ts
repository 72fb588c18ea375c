import { describe, expect, it } from 'vitest'
import { recordGaps } from '../../../app/_charts/prepareGaps'
import { timeScale } from '../../../app/_charts/xScale'
import { placePath, places, whereIs } from '../../../app/_ui/frame/places'
import { rulerBars, stepBrush } from '../../../app/_ui/frame/prepareRuler'
import { recorderWords } from '../../../app/_ui/frame/recorder'
import { newestRate, quotaWords, recordWords, totalRate } from '../../../app/(screens)/_overview/clusterFigures'
import { clusterHealth } from '../../../app/(screens)/_overview/clusterHealth'
import { hiddenCount, latelyChanged } from '../../../app/(screens)/_overview/latelyChanged'
import { overviewVerdict } from '../../../app/(screens)/_overview/overviewVerdict'
import type { Change, Cluster, LeaderChange, SeriesAnswer } from '../../../lib/contract'

const now = Date.parse('2026-03-01T12:00:00.000Z')
const iso = (ms: number) => new Date(ms).toISOString()
const DAY = 86_400_000

function cluster(more: Partial<Cluster> = {}): Cluster {
  return {
    name: 'prod',
    clusterId: 'a',
    epoch: 1,
    source: 'etcd',
    demo: false,
    version: '3.5.30',
    state: 'live',
    error: null,
    since: iso(now - DAY),
    leader: { memberId: 'b', name: 'm1', since: iso(now - DAY) },
    raftTerm: '3',
    quorum: { voters: 3, healthy: 3, needed: 2, tolerates: 1 },
    revision: '100',
    compactRevision: '1',
    storedRevision: '98',
    lagMs: 200,
    firstTime: iso(now - 2 * DAY),
    coverage: [],
    gaps: [],
    dbSizeBytes: 2 ** 30,
    dbSizeInUseBytes: 2 ** 29,
    quotaBytes: 2 ** 31,
    quota: { fullAt: null, growthBytesPerDay: null, mainPrefix: null, reclaimableBytes: null },
    alarms: [],
    ...more,
  }
}
const quorum = (healthy: number, voters = 3) => ({
  voters,
  healthy,
  needed: Math.floor(voters / 2) + 1,
  tolerates: Math.max(0, healthy - Math.floor(voters / 2) - 1),
})
const loss = (agoMs: number, planned = false): LeaderChange => ({
  at: iso(now - agoMs),
  term: '3',
  fromMemberId: 'a',
  fromName: 'm0',
  toMemberId: 'b',
  toName: 'm1',
  leaderlessMs: 900,
  planned,
  elections: 1,
  revision: null,
  causes: [],
})

describe('health in words', () => {
  it.each<[string, Partial<Cluster>, string, string, string]>([
    ['all well', {}, 'ok', '3 of 3 members healthy', 'tolerates 1 failure'],
    ['one member of one', { quorum: quorum(1, 1) }, 'ok', '1 of 1 member healthy', 'tolerates 0 failures'],
    ['one down', { quorum: quorum(2) }, 'warn', '2 of 3 members healthy', 'tolerates 0 failures'],
    ['quorum lost', { quorum: quorum(1) }, 'critical', '1 of 3 members healthy', 'quorum needs 2: no writes'],
    [
      'nobody answers',
      { quorum: quorum(0), error: 'connection refused' },
      'critical',
      'Not reachable',
      'connection refused',
    ],
    ['no leader', { leader: null }, 'critical', 'No leader', '3 of 3 members healthy'],
    [
      'out of space',
      { alarms: [{ memberId: 'a', type: 'NOSPACE' }] },
      'critical',
      'NOSPACE alarm: etcd refuses writes',
      '3 of 3 members healthy',
    ],
    [
      'apiserver',
      { source: 'apiserver', quorum: quorum(0, 0) },
      'unknown',
      'Members not visible',
      'the source is the apiserver',
    ],
    [
      'apiserver that does not answer',
      { source: 'apiserver', state: 'reconnecting', error: 'The apiserver refuses', quorum: quorum(0, 0) },
      'critical',
      'Not reachable',
      'The apiserver refuses',
    ],
    [
      'apiserver that may not be read whole',
      { source: 'apiserver', error: 'Not recorded: secrets (not permitted)', quorum: quorum(0, 0) },
      'unknown',
      'Members not visible',
      'Not recorded: secrets (not permitted)',
    ],
    [
      'never reached',
      { state: 'reconnecting', error: 'wrong CA', quorum: quorum(0, 0) },
      'critical',
      'Not reachable',
      'wrong CA',
    ],
    ['just started', { state: 'backfilling', quorum: quorum(0, 0) }, 'unknown', 'Members not seen yet', 'asking'],
  ])('%s', (_, facts, tone, words, detail) => {
    expect(clusterHealth(cluster(facts))).toEqual({ tone, words, detail })
  })
})

describe('the verdict over all clusters', () => {
  const verdict = (clusters: readonly Cluster[], losses: readonly LeaderChange[] = []) =>
    overviewVerdict(clusters, (name) => (name === 'prod' ? losses : []), now)

  it.each<[string, readonly Cluster[], readonly LeaderChange[], string, string, string]>([
    ['none watched', [], [], 'unknown', 'No cluster is watched', ''],
    ['an archive only', [cluster({ state: 'archived' })], [], 'unknown', 'No cluster is watched', ''],
    ['one, well', [cluster()], [], 'ok', '3 of 3 members healthy, tolerates 1 failure', ''],
    ['two, well', [cluster(), cluster({ name: 'b' })], [], 'ok', 'All 2 clusters are healthy', ''],
    [
      'a planned move is no worry',
      [cluster()],
      [loss(60_000, true)],
      'ok',
      '3 of 3 members healthy, tolerates 1 failure',
      '',
    ],
    [
      'an old loss is no worry',
      [cluster()],
      [loss(2 * 3_600_000)],
      'ok',
      '3 of 3 members healthy, tolerates 1 failure',
      '',
    ],
    [
      'one down',
      [cluster({ quorum: quorum(2) })],
      [],
      'warn',
      'prod needs attention',
      'prod tolerates no further failure.',
    ],
    [
      'no leader',
      [cluster({ leader: null }), cluster({ name: 'b' })],
      [],
      'critical',
      '1 of 2 clusters needs attention',
      'prod has no leader.',
    ],
    [
      'out of reach',
      [cluster(), cluster({ name: 'lab', quorum: quorum(0), state: 'reconnecting' })],
      [],
      'critical',
      '1 of 2 clusters needs attention',
      'lab is not reachable.',
    ],
    [
      'quota near',
      [
        cluster({
          quota: { fullAt: iso(now + 9.5 * DAY), growthBytesPerDay: 1, mainPrefix: null, reclaimableBytes: null },
        }),
      ],
      [],
      'warn',
      'prod needs attention',
      'prod reaches its quota in 9 days.',
    ],
  ])('%s', (_, clusters, losses, tone, sentence, reasons) => {
    expect(verdict(clusters, losses)).toEqual({ tone, sentence, reasons })
  })

  it('an unplanned loss of the last hour is named with its time', () => {
    expect(verdict([cluster()], [loss(60_000)]).reasons).toMatch(/^prod lost its leader at \d\d:\d\d\.$/)
  })
})

it.each<[string, Partial<Cluster>, string, string]>([
  [
    'soon',
    { quota: { fullAt: iso(now + 9 * DAY), growthBytesPerDay: 1, mainPrefix: null, reclaimableBytes: null } },
    'warn',
    'full in 9 days at this rate',
  ],
  [
    'far',
    { quota: { fullAt: null, growthBytesPerDay: 5, mainPrefix: null, reclaimableBytes: null } },
    'neutral',
    'not full within 90 days',
  ],
  ['no forecast', {}, 'neutral', '512 MiB in use'],
  ['alarm', { alarms: [{ memberId: 'a', type: 'NOSPACE' }] }, 'critical', 'full: etcd refuses writes'],
])('quota: %s', (_, facts, tone, words) => {
  expect(quotaWords(cluster(facts), now)).toEqual({ tone, words })
})

it('the record says how complete and how far behind', () => {
  expect(recordWords(cluster(), [])).toBe('complete, 0.2 s behind')
  expect(recordWords(cluster(), [{ fromMs: 1, toMs: 2, reason: 'x' }])).toBe('1 gap, 0.2 s behind')
  expect(recordWords(cluster({ state: 'reconnecting', error: 'refused' }), [])).toBe('refused')
})

describe('gaps of a span', () => {
  const span = { fromMs: now - 3_600_000, toMs: now }

  it('reach from the last revision before to the first after', () => {
    const gap = {
      epoch: 1,
      fromRevision: '5',
      toRevision: '9',
      reason: 'compacted',
      at: iso(now - 1000),
      from: iso(now - 60_000),
      to: iso(now - 30_000),
    }
    expect(recordGaps(cluster({ gaps: [gap] }), span)).toEqual([
      { fromMs: now - 60_000, toMs: now - 30_000, reason: 'compacted' },
    ])
  })

  it('include the time before the record and the time since it stopped', () => {
    const gaps = recordGaps(
      cluster({ firstTime: iso(now - 600_000), state: 'reconnecting', error: 'refused', since: iso(now - 5000) }),
      span,
    )
    expect(gaps.map((gap) => [gap.fromMs - now, gap.toMs - now])).toEqual([
      [-3_600_000, -600_000],
      [-5000, 0],
    ])
  })
})

const answer = (unit: string, stepMs: number, series: Record<string, [number, number | null][]>): SeriesAnswer => ({
  metric: 'changes',
  unit,
  stepMs,
  series: Object.entries(series).map(([label, points]) => ({ labels: { significance: label }, points })),
})

describe('rates', () => {
  it('sum all series; a moment where none measured stays empty', () => {
    expect(
      totalRate(
        answer('count', 2000, {
          a: [
            [0, 4],
            [2000, null],
          ],
          b: [
            [0, 2],
            [2000, null],
          ],
        }),
      ),
    ).toEqual([
      [0, 3],
      [2000, null],
    ])
  })

  it('now is the newest complete bucket, unless that is old', () => {
    const points = [
      [0, 1],
      [1000, 2],
      [2000, 3],
    ] as const
    expect(newestRate(points, 1000, 2500)).toBe(2)
    expect(newestRate(points, 1000, 60_000)).toBeNull()
  })
})

it('what controllers derive is not what changed lately', () => {
  const change = (resource: string | null, atMs: number, leaseId: string | null = null) =>
    ({ resource, at: iso(atMs), revision: '1', key: `/${resource}`, leaseId }) as Change
  const shown = latelyChanged(
    [
      {
        cluster: 'a',
        changes: [change('pods', now), change('apps/replicasets', now), change('deployments', now - 2000)],
      },
      {
        cluster: 'b',
        changes: [
          change(null, now - 1000),
          change('sessions', now - 500),
          change('sessions', now - 900, '7'),
          change(null, now - 5000),
        ],
      },
    ],
    8,
  )
  expect(shown.map(({ cluster: name, change: { resource }, times }) => [name, resource, times])).toEqual([
    ['b', null, 2],
    ['a', 'deployments', 1],
  ])
})

it('hidden writes are counted from counts and from rates alike', () => {
  expect(
    hiddenCount([
      answer('count', 1000, { heartbeat: [[0, 5]], spec: [[0, 9]] }),
      answer('1/s', 2000, { status: [[0, 3]] }),
      undefined,
    ]),
  ).toBe(11)
})

describe('the frame', () => {
  it('every place leads back to itself', () => {
    for (const place of places)
      expect(whereIs(placePath(place, 'prod-1'))).toEqual({ cluster: place.ofCluster ? 'prod-1' : null, place })
  })

  it.each<[string, readonly Cluster[], string | null, string, string]>([
    ['one', [cluster()], null, 'Recording', '0.2 s behind the head'],
    [
      'back-filling',
      [cluster({ state: 'backfilling', revision: '5098' })],
      null,
      'Back-filling',
      '5,000 revisions to go',
    ],
    [
      'some',
      [cluster(), cluster({ name: 'lab', state: 'reconnecting' })],
      null,
      'Recording 1 of 2',
      'lab not reachable',
    ],
    [
      'chosen',
      [cluster(), cluster({ name: 'lab', state: 'stopped', error: 'disk full' })],
      'lab',
      'Not recording',
      'disk full',
    ],
    [
      'an archive beside',
      [cluster(), cluster({ name: 'old', state: 'archived' })],
      null,
      'Recording 1 cluster',
      'at most 0.2 s behind',
    ],
    ['an archive', [cluster({ name: 'old', state: 'archived' })], 'old', 'Archived', 'up to revision 98'],
  ])('the recorder: %s', (_, clusters, chosen, title, detail) => {
    expect(recorderWords(clusters, chosen)).toMatchObject({ title, detail })
  })

  it('the ruler draws configuration only', () => {
    const bars = rulerBars(
      answer('count', 10, {
        spec: [[0, 4]],
        metadata: [
          [0, 5],
          [50, 1],
        ],
        heartbeat: [[20, 99]],
      }),
      timeScale({ fromMs: 0, toMs: 100 }),
    )
    expect(bars.map((bar) => [bar.ms, bar.count, Number(bar.height.toFixed(2))])).toEqual([
      [0, 9, 1],
      [50, 1, 0.33],
    ])
  })

  it('the brush stays inside the ruler', () => {
    const outer = { fromMs: 0, toMs: 100 }
    expect(stepBrush({ fromMs: 95, toMs: 100 }, outer, 'ArrowRight', false)).toEqual({ fromMs: 95, toMs: 100 })
    expect(stepBrush({ fromMs: 40, toMs: 60 }, outer, 'ArrowLeft', false)).toEqual({ fromMs: 38, toMs: 58 })
    expect(stepBrush({ fromMs: 40, toMs: 60 }, outer, 'ArrowRight', true)).toEqual({ fromMs: 40, toMs: 62 })
    expect(stepBrush({ fromMs: 40, toMs: 60 }, outer, 'Tab', false)).toBeNull()
  })
})
