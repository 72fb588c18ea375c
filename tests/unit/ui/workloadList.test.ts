import { describe, expect, it } from 'vitest'
import { workloadHref, workloadName } from '../../../app/_client/workloadHref'
import type { WorkloadList } from '../../../app/_client/workloadQueries'
import { workloadWords } from '../../../app/(screens)/_overview/clusterFigures'
import { itemLines, statusWashes } from '../../../app/(screens)/c/[cluster]/workloads/prepareItemSteps'
import { listVerdict, prepareListRows, rowRank } from '../../../app/(screens)/c/[cluster]/workloads/prepareList'
import { convergeWords, outcomeParts } from '../../../app/(screens)/c/[cluster]/workloads/prepareSummary'
import {
  activeFilters,
  narrows,
  parseFilters,
  requestParams,
  viewOf,
} from '../../../app/(screens)/c/[cluster]/workloads/workloadFilters'
import { isShort, reached, reachedWords, statusTone } from '../../../app/(screens)/c/[cluster]/workloads/workloadWords'
import type { Insight, WorkloadItem } from '../../../lib/contract'
import { ago, END_MS, item, MINUTE_MS, unwell } from './workloadFixtures'

const insight: Insight = { kind: 'HpaAtLimit', severity: 'info', message: '12 of 12 replicas', objects: [] }

function listOf(items: readonly WorkloadItem[]): WorkloadList {
  const count = (status: string) => items.filter((one) => one.status === status).length
  return {
    revision: '5000',
    at: ago(0),
    derivedThrough: '5000',
    counts: {
      total: items.length,
      Current: count('Current'),
      InProgress: count('InProgress'),
      Failed: count('Failed'),
      Terminating: count('Terminating'),
      Unknown: count('Unknown'),
    },
    withInsight: items.filter(({ insights }) => insights.length > 0).length,
    items: [...items],
    more: false,
  }
}

describe('the sentence over the list', () => {
  const verdict = (items: readonly WorkloadItem[], more: Partial<Parameters<typeof listVerdict>[0]> = {}) =>
    listVerdict({ list: listOf(items), endMs: END_MS, when: '', filtered: false, ...more })
  const failed = unwell('indexer', 'Failed', { since: ago(139 * MINUTE_MS) })
  const slow = unwell('checkout', 'InProgress')
  const young = unwell('cart', 'InProgress', { since: ago(20_000) })
  const calm = item('catalog', { insights: [insight] })

  it.each([
    ['all well', [item('a'), item('b')], 'ok', 'All 2 workloads are Current', ''],
    ['one alone', [item('a')], 'ok', 'The one workload is Current', ''],
    [
      'insights are told apart from the status',
      [item('a'), calm],
      'ok',
      'All 2 workloads are Current',
      '1 carries an insight.',
    ],
    [
      'within its usual time it is under way, not wrong',
      [young, item('a')],
      'progress',
      '1 of 2 workloads is not Current',
      'shop/cart InProgress for 20 s.',
    ],
    [
      'longer than usual it warns, and says what is usual',
      [slow, item('a')],
      'warn',
      '1 of 2 workloads is not Current',
      'shop/checkout InProgress for 12 min, usually 48 s.',
    ],
    [
      'the worst stands first',
      [young, slow, failed, calm],
      'critical',
      '3 of 4 workloads are not Current',
      'shop/indexer Failed for 2 h; shop/checkout InProgress for 12 min, usually 48 s; shop/cart InProgress for 20 s. 1 more carries an insight.',
    ],
    [
      'of many the worst are named',
      [failed, slow, young, unwell('z', 'Unknown')],
      'critical',
      '4 of 4 workloads are not Current',
      'shop/indexer Failed for 2 h; shop/checkout InProgress for 12 min, usually 48 s; shop/z Unknown for 12 min. 1 more.',
    ],
    ['none at all is neither good nor bad', [], 'unknown', 'No workloads', ''],
  ] as const)('%s', (_, items, tone, sentence, reasons) => {
    expect(verdict(items)).toEqual({ tone, sentence, reasons })
  })

  it('says first what several of them share', () => {
    const away: Insight = { kind: 'NodeNotReady', severity: 'warning', message: 'node-1', objects: [] }
    const on = (name: string) => unwell(name, 'InProgress', { insights: [away], since: ago(20_000) })
    expect(verdict([on('a'), on('b'), item('c', { insights: [away] })]).reasons).toBe(
      'Node not ready: 3 workloads. shop/a InProgress for 20 s; shop/b InProgress for 20 s. 1 more carries an insight.',
    )
    expect(verdict([on('a'), item('c', { insights: [away] })]).reasons).not.toContain('Node not ready')
  })

  it('speaks of the past in the past, with its moment', () => {
    expect(verdict([slow, item('a')], { when: 'at 14:02:00' }).sentence).toBe(
      '1 of 2 workloads was not Current at 14:02:00',
    )
  })

  it('says that filters narrow what it counts', () => {
    expect(verdict([item('a'), item('b')], { filtered: true }).sentence).toBe('All 2 workloads that match are Current')
    expect(verdict([], { filtered: true }).sentence).toBe('No workload matches')
  })
})

describe('the rows', () => {
  const rows = prepareListRows([item('a'), unwell('b', 'Failed'), item('c', { insights: [insight] }), item('d')])

  it('stand in groups: not Current, then with an insight, then the rest', () => {
    expect(rows.map((row) => (row.kind === 'group' ? `${row.group} ${row.count}` : row.item.name))).toEqual([
      'notCurrent 1',
      'b',
      'insight 1',
      'c',
      'current 2',
      'a',
      'd',
    ])
  })

  it('keep their groups under any sort', () => {
    const shuffled = [...rows].reverse().sort((a, b) => rowRank(a) - rowRank(b))
    expect(shuffled.map((row) => row.group)).toEqual(rows.map((row) => row.group))
    expect(shuffled.filter((row) => row.kind === 'group').map((row) => shuffled.indexOf(row))).toEqual([0, 2, 4])
  })

  it('of one group need no head', () => {
    expect(prepareListRows([item('a')]).map((row) => row.kind)).toEqual(['workload'])
  })
})

describe('the filters in the address', () => {
  const parse = (text: string) => parseFilters(new URLSearchParams(text))

  it('become what the interface takes', () => {
    expect(
      requestParams(parse('kind=Deployment,Job&namespace=-kube-system&status=Failed&insight=true&q=%20pay%20')),
    ).toEqual({
      kind: ['Deployment', 'Job'],
      namespace: ['-kube-system'],
      status: ['Failed'],
      insight: 'true',
      q: 'pay',
    })
    expect(requestParams(parse(''))).toEqual({})
  })

  it('leave out what nobody can mean', () => {
    expect(parse('status=Broken,Failed&insight=yes').lists.status).toEqual(['Failed'])
    expect(parse('insight=yes').insight).toBe(false)
  })

  it.each([
    ['', 'all'],
    ['status=notCurrent', 'notCurrent'],
    ['insight=true', 'insight'],
    ['status=Failed', null],
    ['status=notCurrent&insight=true', null],
  ] as const)('%s is the view %s', (text, view) => {
    expect(viewOf(parse(text))).toBe(view)
  })

  it('stand as chips, but not what the views already say', () => {
    expect(activeFilters(parse('kind=Job&namespace=-kube-system&status=notCurrent'))).toEqual([
      { filter: 'kind', value: 'Job' },
      { filter: 'namespace', value: 'not kube-system' },
    ])
    expect(activeFilters(parse('status=Failed,Unknown'))).toEqual([{ filter: 'status', value: 'Failed, Unknown' }])
  })

  it('narrow what is counted by kind, namespace and text only', () => {
    expect(['status=Failed', 'insight=true', 'kind=Job', 'q=x'].map((text) => narrows(parse(text)))).toEqual([
      false,
      false,
      true,
      true,
    ])
  })
})

describe('figures', () => {
  const base = { kind: 'Deployment', desired: 6, current: 6, ready: 4, available: 3 }
  it.each([
    ['available where the kind has it', base, '3 of 6 available'],
    ['ready where it has no available', { ...base, available: null }, '4 of 6 ready'],
    ['a Job by what succeeded', { ...base, kind: 'Job', desired: 5, available: 2 }, '2 of 5 succeeded'],
    ['unknown is not zero', { ...base, kind: 'Job', available: null }, 'unknown of 6 succeeded'],
    ['without a wish, what there is', { ...base, desired: null }, '3 available'],
    ['nothing where nothing is counted', { ...base, desired: null, current: null, ready: null, available: null }, null],
  ] as const)('%s', (_, figures, words) => {
    expect(reachedWords(figures)).toBe(words)
  })

  it('are short only when fewer are known to be there than wanted', () => {
    const short = (available: number | null, desired: number | null) => {
      const figure = reached({ ...base, ready: null, current: null, available, desired })
      return figure !== null && isShort(figure)
    }
    expect([short(3, 6), short(6, 6), short(7, 6), short(null, 6), short(3, null)]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('the tone of a status', () => {
  it.each([
    ['Current', 60, 'ok'],
    ['Failed', 60, 'critical'],
    ['Terminating', 60, 'info'],
    ['Unknown', 60, 'unknown'],
    ['InProgress', 60, 'progress'],
    ['InProgress', 97, 'warn'],
  ] as const)('%s for %d s is %s', (status, seconds, tone) => {
    expect(statusTone({ status, since: ago(seconds * 1000), usualConvergeMs: 48_000 }, END_MS)).toBe(tone)
  })

  it('without an earlier rollout is measured by the usual deadline of ten minutes', () => {
    const of = (minutes: number) =>
      statusTone({ status: 'InProgress', since: ago(minutes * MINUTE_MS), usualConvergeMs: null }, END_MS)
    expect([of(9), of(11)]).toEqual(['progress', 'warn'])
  })
})

describe('washes where it was not Current', () => {
  it('run from step to step, joined while they are of one tone, up to the end', () => {
    const washes = statusWashes(
      [
        { ms: 0, status: 'Current' },
        { ms: 10, status: 'InProgress' },
        { ms: 20, status: 'Terminating' },
        { ms: 30, status: 'Failed' },
        { ms: 40, status: 'Current' },
        { ms: 90, status: 'Unknown' },
      ],
      100,
    )
    expect(washes).toEqual([
      { fromMs: 10, toMs: 30, tone: 'info', statuses: ['InProgress', 'Terminating'] },
      { fromMs: 30, toMs: 40, tone: 'critical', statuses: ['Failed'] },
      { fromMs: 90, toMs: 100, tone: 'unknown', statuses: ['Unknown'] },
    ])
  })

  it('are not guessed where no steps were asked for', () => {
    expect(itemLines({ steps: null }, END_MS)).toBeNull()
  })
})

describe('summaries', () => {
  it.each([
    [{ count: 0, p50Ms: null, p90Ms: null, p99Ms: null }, 'No rollout converged in this range'],
    [{ count: 1, p50Ms: 31_000, p90Ms: 31_000, p99Ms: 31_000 }, '1 rollout converged, in 31 s'],
    [{ count: 9, p50Ms: 48_000, p90Ms: 72_000, p99Ms: 72_000 }, '9 rollouts converged, half of them within 48 s'],
    [
      { count: 41, p50Ms: 48_000, p90Ms: 72_000, p99Ms: 181_000 },
      '41 rollouts converged, half of them within 48 s, 9 of 10 within 1 min 12 s',
    ],
  ] as const)('of times: %o', (converge, words) => {
    expect(convergeWords(converge)).toBe(words)
  })

  const none = { 'in-progress': 0, converged: 0, superseded: 0, failed: 0, 'rolled-back': 0, deleted: 0 }

  it('of outcomes name the worst first and leave out what did not happen', () => {
    expect(outcomeParts({ ...none, converged: 4, failed: 1 }).map(({ words }) => words)).toEqual([
      '1 failed',
      '4 converged',
    ])
  })

  it.each([
    [listOf([]), null, 'none', ''],
    [listOf([item('a'), item('b', { insights: [insight] })]), 'ok', 'All 2 Current', '1 insight'],
    [listOf([item('a'), unwell('b', 'InProgress')]), 'progress', '1 of 2 not Current', '1 InProgress'],
    [
      listOf([unwell('a', 'Failed'), unwell('b', 'InProgress')]),
      'critical',
      '2 of 2 not Current',
      '1 Failed, 1 InProgress',
    ],
  ] as const)('of a cluster in the overview', (list, tone, words, detail) => {
    expect(workloadWords(list)).toEqual({ tone, words, detail })
  })
})

describe('the address of a workload', () => {
  it('names a custom resource with its group, and a cluster-scoped one with a dash', () => {
    expect(workloadName({ kind: 'Database', group: 'db.acme.example', namespace: 'data', name: 'orders' }).kind).toBe(
      'Database.db.acme.example',
    )
    expect(
      workloadHref('prod', { kind: 'Deployment', group: 'apps', namespace: 'shop', name: 'a b' }, '?range=6h'),
    ).toBe('/c/prod/workloads/Deployment/shop/a%20b?range=6h')
    expect(workloadHref('prod', { kind: 'Cell', group: 'x.io', namespace: null, name: 'a' })).toBe(
      '/c/prod/workloads/Cell.x.io/-/a',
    )
  })
})
