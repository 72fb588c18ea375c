import { describe, expect, it } from 'vitest'
import { timeScale } from '../../../app/_charts/xScale'
import { prepareOwnership, withoutGone } from '../../../app/(screens)/c/[cluster]/workloads/workload/prepareOwnership'
import {
  phasesOf,
  podsInOrder,
  preparePodLanes,
} from '../../../app/(screens)/c/[cluster]/workloads/workload/preparePodLanes'
import {
  compareWords,
  convergedWords,
  failureGroups,
  failureWords,
  rolloutBar,
  rolloutTone,
  tookMs,
} from '../../../app/(screens)/c/[cluster]/workloads/workload/prepareRollouts'
import {
  emptyBands,
  endpointSeries,
  generationOf,
  replicaSeries,
  rolloutMarks,
  statusBands,
} from '../../../app/(screens)/c/[cluster]/workloads/workload/prepareTimeline'
import { workloadVerdict } from '../../../app/(screens)/c/[cluster]/workloads/workload/prepareVerdict'
import type { OwnedObject, WorkloadAnswer, WorkloadService } from '../../../lib/contract'
import { ago, answer, END_MS, item, MINUTE_MS, pod, rollout, unwell } from './workloadFixtures'

const step = (minutes: number, change: Partial<WorkloadAnswer['timeline'][number]> = {}) => ({
  revision: '1',
  at: ago(minutes * MINUTE_MS),
  desired: 4,
  current: 4,
  updated: 4,
  ready: 4,
  available: 4,
  status: 'Current' as const,
  reason: null,
  generation: '1',
  observedGeneration: '1',
  ...change,
})

describe('the sentence over a workload', () => {
  const verdict = (change: Partial<WorkloadAnswer>, live = true) =>
    workloadVerdict({ answer: answer(change), endMs: END_MS, live, nowMs: END_MS })

  it.each([
    [
      'what it is, since when, why, and what is usual',
      unwell('checkout', 'InProgress', { message: 'Available: 4/6' }),
      'warn',
      'InProgress: 4 of 6 available, not converged for 12 min',
      'LessAvailable: Available: 4/6. Usually converges in 48 s.',
    ],
    ['all well', item('checkout'), 'ok', 'Current: 6 of 6 available, for 1 h', 'Usually converges in 48 s.'],
    [
      'a kind without replicas',
      item('orders', { desired: null, current: null, ready: null, available: null, usualConvergeMs: null }),
      'ok',
      'Current: for 1 h',
      '',
    ],
  ] as const)('%s', (_, current, tone, sentence, reasons) => {
    expect(verdict({ current })).toEqual({ tone, sentence, reasons })
  })

  it('of the past says as of when', () => {
    expect(verdict({ current: item('a') }, false).reasons).toMatch(/^As it was at \d\d:\d\d:\d\d\. /)
  })

  it('of one that is deleted says when', () => {
    expect(verdict({ current: null, deletedAt: ago(0) }).sentence).toMatch(/^Deleted at/)
    expect(verdict({ current: null, deletedAt: null }).sentence).toBe('It did not exist at this moment')
  })
})

describe('the lines of a workload', () => {
  it('leave out a figure that the kind does not have', () => {
    const timeline = [step(10, { updated: null }), step(5, { updated: null })]
    expect(replicaSeries(answer({ timeline })).map(({ id }) => id)).toEqual(['desired', 'ready', 'available'])
  })

  it('give the solid line to what tells most, whichever the kind has', () => {
    const styles = (change: Parameters<typeof step>[1]) =>
      replicaSeries(answer({ timeline: [step(10, change)] })).map(({ id, style }) => `${id} ${style}`)
    expect(styles({ updated: null })).toEqual(['desired dashed', 'ready dashed', 'available solid'])
    expect(styles({ updated: null, available: null })).toEqual(['desired dashed', 'ready solid'])
  })

  it('end where it was deleted', () => {
    const deletedAt = ago(MINUTE_MS)
    const [desired] = replicaSeries(answer({ timeline: [step(10)], deletedAt }))
    expect(desired?.points).toEqual([
      [END_MS - 10 * MINUTE_MS, 4],
      [END_MS - MINUTE_MS, null],
    ])
  })

  it('are washed while it had not converged, in its own word when it failed', () => {
    const timeline = [step(10), step(8, { status: 'InProgress' }), step(4, { status: 'Failed' }), step(2)]
    expect(statusBands(timeline, END_MS).map(({ tone, label }) => [tone, label])).toEqual([
      ['info', 'not converged'],
      ['critical', 'Failed'],
    ])
  })

  it('are not washed where it was not there, or that is not recorded', () => {
    const gone = { status: 'Terminating' as const, reason: 'Deleted' }
    const timeline = [step(8, gone), step(4, { status: 'Unknown', reason: 'NotRecorded' }), step(2)]
    expect(statusBands(timeline, END_MS)).toEqual([])
  })

  it('carry a mark for each rollout that leads to it', () => {
    const [mark] = rolloutMarks([rollout('42', { outcome: 'converged', convergedMs: 48_000 })])
    expect(mark?.label).toMatch(/generation 42.*image 2\.32\.0, converged in 48 s/)
    expect(mark === undefined ? null : generationOf(mark)).toBe('42')
    expect(generationOf({ id: 'leader-9' })).toBeNull()
  })
})

describe('the lanes of pods', () => {
  const scale = timeScale({ fromMs: END_MS - 10 * MINUTE_MS, toMs: END_MS })
  const lanes = (pods: Parameters<typeof preparePodLanes>[0]['pods'], widthPx = 600) =>
    preparePodLanes({ pods, of: 'checkout', scale, widthPx, endMs: END_MS })
  const stretch = (
    from: number,
    to: number | null,
    phase: 'ready' | 'waiting' | 'pending',
    reason: string | null = null,
  ) => ({
    from: ago(from * MINUTE_MS),
    to: to === null ? null : ago(to * MINUTE_MS),
    revision: '1',
    phase,
    reason,
  })

  it('show those that live first, then those that are gone, the last to go first', () => {
    const pods = [
      pod('gone-early', { to: ago(8 * MINUTE_MS) }),
      pod('young', { from: ago(MINUTE_MS) }),
      pod('gone-late', { to: ago(2 * MINUTE_MS) }),
      pod('old', { from: ago(60 * MINUTE_MS) }),
    ]
    expect(podsInOrder(pods).map(({ name }) => name)).toEqual(['old', 'young', 'gone-late', 'gone-early'])
  })

  it('are cut at the edges of the range and reach to its end', () => {
    const [lane] = lanes([pod('checkout-a', { stretches: [stretch(20, 5, 'pending'), stretch(5, null, 'ready')] })])
    expect(lane?.segments.map(({ from, to, phase }) => [from, to, phase])).toEqual([
      [0, 0.5, 'pending'],
      [0.5, 1, 'ready'],
    ])
    expect(lane?.shortName).toBe('a')
  })

  it('show on one pixel the worst that happened on it', () => {
    const blinks = [
      stretch(5, 4.999, 'ready'),
      stretch(4.999, 4.998, 'waiting', 'OOMKilled'),
      stretch(4.998, 4.997, 'ready'),
    ]
    const [lane] = lanes([pod('a', { stretches: blinks })])
    expect(lane?.segments.map(({ phase, words }) => [phase, words])).toEqual([['waiting', 'OOMKilled']])
  })

  it.each([
    ['ready', pod('a'), 'ready', null],
    ['restarted', pod('a', { restarts: 6 }), '6 restarts', null],
    [
      'waiting after a crash',
      pod('a', { restarts: 1, stretches: [stretch(5, null, 'waiting', 'CrashLoopBackOff')] }),
      '1 restart',
      'critical',
    ],
    ['not yet there', pod('a', { stretches: [stretch(5, null, 'pending')] }), 'pending', 'warn'],
    [
      'ended badly',
      pod('a', { stretches: [{ ...stretch(5, null, 'waiting', 'Error'), phase: 'failed' }] }),
      'failed',
      'critical',
    ],
    ['gone', pod('a', { to: ago(0) }), 'gone', 'gone'],
    ['without any phase', pod('a', { stretches: [] }), 'unknown', 'warn'],
  ] as const)('end with what the pod is: %s', (_, one, end, endTone) => {
    expect(lanes([one])[0]).toMatchObject({ end, endTone })
  })

  it('name in their key only the phases that occur, in the order of a life', () => {
    expect(phasesOf([pod('a', { stretches: [stretch(5, 4, 'waiting'), stretch(4, null, 'ready')] })])).toEqual([
      'ready',
      'waiting',
    ])
  })
})

describe('a rollout against earlier ones', () => {
  const done = (convergedMs: number, ratio: number) => rollout('9', { outcome: 'converged', convergedMs, ratio })

  it.each([
    ['ended by converging', done(52_000, 1.1), 52_000],
    [
      'ended otherwise',
      rollout('9', { startedAt: ago(5 * MINUTE_MS), endedAt: ago(3 * MINUTE_MS), outcome: 'failed' }),
      2 * MINUTE_MS,
    ],
    ['still running', rollout('9', { startedAt: ago(4 * MINUTE_MS) }), 4 * MINUTE_MS],
  ] as const)('takes its time up to its end: %s', (_, one, wanted) => {
    expect(tookMs(one, END_MS)).toBe(wanted)
  })

  it.each([
    [done(52_000, 1.08), 'as usual, 48 s'],
    [done(730_000, 15.2), '15 times the usual 48 s'],
    [done(20_000, 0.4), 'faster than the usual 48 s'],
    [rollout('9', { ratio: null, usualMs: null }), null],
    [rollout('9', { ratio: 0.5, outcome: 'superseded' }), 'usually 48 s'],
  ] as const)('is compared in words', (one, words) => {
    expect(compareWords(one)).toBe(words)
  })

  it('marks the usual time on its bar, and says when the bar is too short', () => {
    expect(rolloutBar(done(48_000, 1), 0, END_MS)).toEqual({ share: 0.4, usual: 0.4, over: false, tone: 'neutral' })
    expect(rolloutBar(done(480_000, 10), 0, END_MS)).toEqual({ share: 1, usual: 0.4, over: true, tone: 'warn' })
    expect(rolloutBar(rollout('1', { usualMs: null, startedAt: ago(1000) }), 2000, END_MS)).toMatchObject({
      share: 0.5,
      usual: null,
    })
  })

  it('is counted among all that had converged', () => {
    const words = (count: number, p50Ms: number | null) => convergedWords({ count, p50Ms, p90Ms: p50Ms, p99Ms: p50Ms })
    expect([words(0, null), words(1, 1850), words(6, 4000)]).toEqual([
      'none has converged yet',
      'one has converged so far, in 1.85 s',
      '6 have converged so far, half of them within 4 s',
    ])
  })

  it('warns while it runs longer than usual', () => {
    expect(rolloutTone(rollout('9', { startedAt: ago(30_000) }), END_MS)).toBe('progress')
    expect(rolloutTone(rollout('9', { startedAt: ago(300_000) }), END_MS)).toBe('warn')
    expect(rolloutTone(rollout('9', { outcome: 'failed' }), END_MS)).toBe('critical')
  })

  it('tells what failed on the way', () => {
    const failure = (reason: string) => ({ at: ago(0), revision: '1', object: 'Pod a', reason, message: null })
    const words = (...reasons: string[]) => failureWords({ failures: reasons.map(failure) })
    expect(words()).toBeNull()
    expect(words('OOMKilled')).toBe('OOMKilled')
    expect(words('OOMKilled', 'OOMKilled')).toBe('OOMKilled, 2 times')
    expect(words('OOMKilled', 'BackOff', 'Evicted')).toBe('OOMKilled and 2 more')
  })
})

describe('what failed on the way', () => {
  it('is told once a reason, with all that it happened to', () => {
    const failure = (object: string, reason: string, seconds: number, message: string | null = null) => ({
      at: ago(seconds * 1000),
      revision: '1',
      object,
      reason,
      message,
    })
    const failures = [
      failure('a', 'ErrImagePull', 9, 'no such tag'),
      failure('b', 'ErrImagePull', 8, 'no such tag'),
      failure('a', 'ErrImagePull', 7, 'no such tag'),
      failure('a', 'ErrImagePull', 6, 'another'),
      failure('w', 'ProgressDeadlineExceeded', 5),
    ]
    expect(failureGroups({ failures })).toEqual([
      { reason: 'ErrImagePull', message: 'no such tag', objects: ['a', 'b'], count: 3, firstAt: ago(9000) },
      { reason: 'ErrImagePull', message: 'another', objects: ['a'], count: 1, firstAt: ago(6000) },
      { reason: 'ProgressDeadlineExceeded', message: null, objects: ['w'], count: 1, firstAt: ago(5000) },
    ])
  })
})

describe('the endpoints of a Service', () => {
  const service: WorkloadService = {
    namespace: 'shop',
    name: 'checkout',
    key: '/registry/services/specs/shop/checkout',
    type: 'ClusterIP',
    steps: [{ t: END_MS - MINUTE_MS, revision: '1', ready: 3, notReady: 0 }],
    emptied: [{ at: ago(MINUTE_MS), revision: '2', key: 'k', until: null, cause: null }],
  }

  it('that are not ready have a line only when there are any', () => {
    expect(endpointSeries(service).map(({ name }) => name)).toEqual(['ready'])
    const some = [...service.steps, { t: END_MS, revision: '2', ready: 2, notReady: 1 }]
    expect(endpointSeries({ ...service, steps: some }).map(({ name }) => name)).toEqual(['ready', 'not ready'])
  })

  it('are washed while none is ready, up to the end while that lasts', () => {
    expect(emptyBands(service, END_MS)).toMatchObject([{ fromMs: END_MS - MINUTE_MS, toMs: END_MS, tone: 'critical' }])
  })
})

describe('ownership', () => {
  const object = (kind: string, name: string, of: string, change: Partial<OwnedObject> = {}): OwnedObject => ({
    kind,
    group: '',
    resource: kind.toLowerCase(),
    namespace: 'shop',
    name,
    key: `/${kind}/${name}`,
    relation: 'owned',
    of,
    from: ago(MINUTE_MS),
    to: null,
    status: 'Current',
    reason: null,
    ...change,
  })
  const root = answer().key
  const tree = (ownership: OwnedObject[]) => prepareOwnership(answer({ ownership }))
  const shape = (rows: ReturnType<typeof tree>) =>
    rows.map(({ depth, name, node }) => `${depth} ${name}${node === null ? '' : ` on ${node.name}`}`)

  it('is a tree: owners above, what it owns below, a pod with its node', () => {
    const rows = tree([
      object('App', 'shop', root, { relation: 'owner' }),
      object('Team', 'payments', '/App/shop', { relation: 'owner' }),
      object('ReplicaSet', 'checkout-5d', root),
      object('Pod', 'checkout-5d-a', '/ReplicaSet/checkout-5d'),
      object('Node', 'node-1', '/Pod/checkout-5d-a', { relation: 'node' }),
      object('Service', 'checkout', root, { relation: 'service' }),
      object('EndpointSlice', 'checkout-x', '/Service/checkout', { relation: 'endpoints' }),
    ])
    expect(shape(rows)).toEqual([
      '0 payments',
      '1 shop',
      '2 checkout',
      '3 checkout-5d',
      '4 checkout-5d-a on node-1',
      '3 checkout',
      '4 checkout-x',
    ])
  })

  it('hides what is gone with all that hangs on it', () => {
    const rows = tree([
      object('ReplicaSet', 'new', root),
      object('Pod', 'new-a', '/ReplicaSet/new'),
      object('ReplicaSet', 'old', root, { to: ago(0) }),
      object('Pod', 'old-a', '/ReplicaSet/old'),
    ])
    expect(shape(withoutGone(rows))).toEqual(['0 checkout', '1 new', '2 new-a'])
  })

  it('ends where what was stored owns itself', () => {
    const rows = tree([
      object('A', 'a', root),
      object('B', 'b', '/A/a'),
      object('A', 'a', '/B/b'),
      object('X', 'x', root, { relation: 'owner' }),
      object('X', 'x', '/X/x', { relation: 'owner' }),
    ])
    expect(rows.length).toBeLessThan(20)
  })
})
