import { describe, expect, it } from 'vitest'
import { changeIdText, isNamed, parseChangeId } from '../../../app/(screens)/c/[cluster]/history/changeId'
import {
  activeFilters,
  hidesNoise,
  isWhole,
  joinList,
  parseFilters,
  requestParams,
  shownSignificances,
  splitList,
} from '../../../app/(screens)/c/[cluster]/history/historyFilters'
import { joinHead, joinOlder } from '../../../app/(screens)/c/[cluster]/history/mergePages'
import { objectTitle, summaryParts } from '../../../app/(screens)/c/[cluster]/history/objectWords'
import {
  censusOf,
  censusOfActivity,
  hiddenNoise,
  totalWords,
} from '../../../app/(screens)/c/[cluster]/history/prepareCensus'
import { prepareRows } from '../../../app/(screens)/c/[cluster]/history/prepareRows'
import type { LeaderChange } from '../../../lib/contract'
import { changeAt, changesDown, startMs } from './historyFixtures'

const filtersOf = (search: string) => parseFilters(new URLSearchParams(search))

describe('filters in the address', () => {
  it.each([
    ['', { significance: ['spec', 'metadata'] }],
    ['resource=deployments,pods&namespace=shop', { resource: ['deployments', 'pods'], namespace: ['shop'] }],
    ['op=delete,burn', { op: ['delete'] }],
    ['significance=status,nonsense', { significance: ['status'] }],
    ['prefix=paint%2F', { prefix: 'paint/' }],
    ['key=a&prefix=b', { key: 'a', prefix: undefined }],
    ['keyBase64=gIA', { keyBase64: 'gIA' }],
    ['q=%20checkout%20', { q: 'checkout' }],
    ['name=web&manager=helm', { name: 'web', manager: ['helm'] }],
  ])('%s asks for what it says', (search, expected) => {
    expect(requestParams(filtersOf(search))).toMatchObject(expected)
  })

  it('keeps commas and percent signs inside a value of a list', () => {
    const items = ['a,b', '50%', 'plain', '%2C']
    const text = joinList(items)
    expect(splitList(text ?? '')).toEqual(items)
    expect(joinList([])).toBeNull()
  })

  it('shows one chip a filter, lists joined by or', () => {
    expect(activeFilters(filtersOf('namespace=shop,data&prefix=x')).map(({ words, value }) => [words, value])).toEqual([
      ['namespace', 'shop or data'],
      ['prefix', 'x'],
    ])
  })
})

describe('the noise rule', () => {
  it.each([
    ['', ['spec', 'metadata'], true],
    ['resource=leases', ['spec', 'metadata'], true],
    ['noise=1', null, false],
    ['q=checkout', null, false],
    ['prefix=paint%2F', null, false],
    ['key=paint%2F1', null, false],
    ['keyBase64=gIA', null, false],
    ['significance=heartbeat', ['heartbeat'], false],
    ['significance=spec&q=x', ['spec'], false],
  ])('with "%s" shows %j', (search, shown, hides) => {
    const filters = filtersOf(search)
    expect(shownSignificances(filters)).toEqual(shown)
    expect(hidesNoise(filters)).toBe(hides)
  })

  it('takes the totals of the cluster only for an unfiltered log', () => {
    expect(isWhole(filtersOf('noise=1'))).toBe(true)
    expect(isWhole(filtersOf('significance=spec'))).toBe(true)
    for (const narrowed of ['q=x', 'prefix=x', 'name=x', 'resource=x', 'op=create'])
      expect(isWhole(filtersOf(narrowed))).toBe(false)
  })
})

describe('the name of a change in the address', () => {
  it.each([
    ['4388', { epoch: null, revision: '4388', ordinal: 0 }],
    ['4388.2', { epoch: null, revision: '4388', ordinal: 2 }],
    ['e2-4388.1', { epoch: 2, revision: '4388', ordinal: 1 }],
    ['', null],
    ['latest', null],
    ['12.', null],
  ])('%s', (text, expected) => {
    expect(parseChangeId(text)).toEqual(expected)
  })

  it('names the change it was made from, in any epoch', () => {
    for (const given of [{}, { ordinal: 3 }, { epoch: 2 }]) {
      const change = changeAt(9, given)
      const id = parseChangeId(changeIdText(change, 2))
      expect(id !== null && isNamed(change, id, 2)).toBe(true)
    }
  })
})

describe('joining pages', () => {
  const known = { items: changesDown(20, 1), nextCursor: 'older' }

  it('keeps what was paged in when the head is read again', () => {
    const joined = joinHead(known, { items: changesDown(23, 14), nextCursor: 'head' })
    expect(joined.items.map((item) => item.revision)).toEqual(changesDown(23, 1).map((item) => item.revision))
    expect(joined.nextCursor).toBe('older')
    expect(joined.items[5]).toBe(known.items[2])
  })

  it('starts over where the head does not reach what is known', () => {
    const head = { items: changesDown(50, 41), nextCursor: 'head' }
    expect(joinHead(known, head)).toBe(head)
  })

  it('takes a head that is everything', () => {
    const head = { items: changesDown(3, 1), nextCursor: null }
    expect(joinHead(known, head)).toBe(head)
  })

  it('leaves an older page that no longer fits', () => {
    const page = { items: changesDown(5, 1), nextCursor: null }
    expect(joinOlder(known, 'another', page)).toBe(known)
    expect(joinOlder({ items: changesDown(9, 6), nextCursor: 'x' }, 'x', page).items).toHaveLength(9)
  })
})

const leaderAt = (seconds: number, term: string): LeaderChange => ({
  at: new Date(startMs + seconds * 1000).toISOString(),
  term,
  fromMemberId: null,
  fromName: null,
  toMemberId: 'a1',
  toName: 'etcd-1',
  leaderlessMs: 10,
  planned: false,
  elections: 1,
  revision: null,
  causes: [],
})
const gapAt = (from: number, to: number) => ({
  fromMs: startMs + from * 1000,
  toMs: startMs + to * 1000,
  reason: 'why',
})
const kinds = (rows: ReturnType<typeof prepareRows>) =>
  rows.map((row) => (row.kind === 'change' ? row.change.revision : row.kind))

describe('rows of the log', () => {
  const changes = [changeAt(30), changeAt(20), changeAt(10)]

  it('stands leader changes at their moment', () => {
    const leaders = [leaderAt(25, '7'), leaderAt(35, '8'), leaderAt(5, '6')]
    const rows = prepareRows({ changes, more: false, leaders, gaps: [], fromMs: 0 })
    expect(kinds(rows)).toEqual(['leader', '30', 'leader', '20', '10', 'leader'])
  })

  it('stands a gap between the change before and the first one after it', () => {
    const rows = prepareRows({ changes, more: false, leaders: [], gaps: [gapAt(10, 20)], fromMs: 0 })
    expect(kinds(rows)).toEqual(['30', '20', 'gap', '10'])
  })

  it('says nothing of a time that has not been read yet', () => {
    const input = { changes, leaders: [leaderAt(5, '6')], gaps: [gapAt(1, 3)], fromMs: 0 }
    expect(kinds(prepareRows({ ...input, more: true }))).toEqual(['30', '20', '10'])
    expect(kinds(prepareRows({ ...input, more: false }))).toEqual(['30', '20', '10', 'leader', 'gap'])
  })

  it('drops what the range has moved past', () => {
    const rows = prepareRows({ changes, more: false, leaders: [], gaps: [], fromMs: startMs + 15_000 })
    expect(kinds(rows)).toEqual(['30', '20'])
  })

  it('shows a range without changes by its gaps and leader changes', () => {
    const rows = prepareRows({ changes: [], more: false, leaders: [leaderAt(5, '6')], gaps: [gapAt(1, 3)], fromMs: 0 })
    expect(kinds(rows)).toEqual(['leader', 'gap'])
  })
})

describe('how many changes', () => {
  const buckets = { stepMs: 10_000, fromMs: startMs }

  it('counts a delete as a delete, and the rest by significance, in buckets', () => {
    const census = censusOf(
      [changeAt(21, { op: 'delete' }), changeAt(12, { significance: 'metadata' }), changeAt(11)],
      buckets,
      true,
    )
    expect(census.counts).toMatchObject({ spec: 1, metadata: 1, delete: 1 })
    expect(census.series.map(({ id, points }) => [id, points])).toEqual([
      [
        'spec',
        [
          [startMs + 10_000, 1],
          [startMs + 20_000, 0],
        ],
      ],
      [
        'metadata',
        [
          [startMs + 10_000, 1],
          [startMs + 20_000, 0],
        ],
      ],
      [
        'delete',
        [
          [startMs + 10_000, 0],
          [startMs + 20_000, 1],
        ],
      ],
    ])
    expect(totalWords(census)).toBe('3 changes')
  })

  it('says where counting ended', () => {
    const census = censusOf(changesDown(30, 21), buckets, false)
    expect(totalWords(census)).toBe('10+ changes')
    expect(census.fromMs).toBe(startMs + 21_000)
  })

  it('takes the server’s totals by significance, of those that are shown', () => {
    const one = (significance: string, value: number) => ({
      labels: { significance },
      points: [[startMs, value] as [number, number], [startMs + 1, null] as [number, null]],
    })
    const answer = {
      metric: 'changes',
      unit: 'count' as const,
      stepMs: 10_000,
      series: [one('spec', 4), one('metadata', 2), one('status', 30), one('heartbeat', 500), one('none', 1)],
    }
    expect(censusOfActivity(answer, ['spec', 'metadata'], 0).total).toBe(6)
    expect(censusOfActivity(answer, null, 0).total).toBe(537)
    expect(hiddenNoise(answer)).toBe(531)
    expect(hiddenNoise(undefined)).toBeNull()
  })
})

describe('words for objects', () => {
  it.each([
    [{}, 'Deployment shop/checkout'],
    [{ resource: 'networkpolicies', name: 'deny' }, 'NetworkPolicy shop/deny'],
    [{ resource: 'ingresses', name: 'web' }, 'Ingress shop/web'],
    [{ resource: 'nodes', namespace: null, name: 'w1' }, 'Node w1'],
    [{ resource: 'certificates.cert-manager.io', name: 'web' }, 'certificates shop/web'],
    [{ resource: '/app', namespace: null, name: null, key: '/app/a' }, '/app/a'],
  ])('%j is %s', (given, title) => {
    expect(objectTitle(changeAt(1, given))).toBe(title)
  })

  it('lets what a field became stand out, and loses no letter', () => {
    const text = 'replicas 4 → 6, image app: 1.9 → 2.0 and 3 more'
    const parts = summaryParts(text)
    expect(parts.map((part) => part.text).join('')).toBe(text)
    expect(parts.filter((part) => part.strong).map((part) => part.text)).toEqual(['6', '2.0 and 3 more'])
  })
})
