import { describe, expect, it } from 'vitest'
import { mergeFrames, planRefresh, type WatchedQuery } from '../../../app/_client/refresh'
import type { ChangedFrame } from '../../../lib/contract'

const frame = (topic: ChangedFrame['topic'], cluster: string, cursor = '1'): ChangedFrame => ({
  topic,
  cluster,
  cursor,
})
const query = (key: readonly unknown[], more: Partial<WatchedQuery> = {}): WatchedQuery => ({
  key,
  topics: [],
  everyMs: 0,
  updatedAtMs: 0,
  fetching: false,
  ...more,
})

describe('which queries a frame refreshes', () => {
  const list = query(['changes', 'a', 'list'])
  const otherCluster = query(['changes', 'b', 'list'])
  const clusters = query(['state', '*', 'clusters'], { topics: ['leader'] })
  const moment = query(['moment', 'a', 'revision', 1])
  const all = [list, otherCluster, clusters, moment]

  it.each([
    ['its topic and cluster', frame('changes', 'a'), [list]],
    ['a further topic, of any cluster', frame('leader', 'b'), [clusters]],
    ['the state of any cluster', frame('state', 'b'), [clusters]],
    ['nothing of another topic', frame('metrics', 'a'), []],
  ])('%s', (_, changed, expected) => {
    expect(planRefresh([changed], all, 1000).now).toEqual(expected)
  })
})

describe('a costly query', () => {
  const heavy = query(['changes', 'a', 'activity'], { everyMs: 1000, updatedAtMs: 5000 })

  it('runs at once when it is old enough', () => {
    expect(planRefresh([frame('changes', 'a')], [heavy], 6000)).toEqual({ now: [heavy], laterMs: null, waiting: [] })
  })

  it('waits for the rest of its time, and the frame waits with it', () => {
    const changed = frame('changes', 'a')
    expect(planRefresh([changed], [heavy], 5400)).toEqual({ now: [], laterMs: 600, waiting: [changed] })
  })

  it('under way is not cancelled: the frame waits for its end', () => {
    const changed = frame('changes', 'a')
    const plan = planRefresh([changed], [query(['changes', 'a', 'list'], { fetching: true })], 5400)
    expect(plan.now).toEqual([])
    expect(plan.waiting).toEqual([changed])
  })

  it('does not hold up a cheap one', () => {
    const cheap = query(['changes', 'a', 'list'])
    expect(planRefresh([frame('changes', 'a')], [heavy, cheap], 5400).now).toEqual([cheap])
  })
})

it('the newest frame of a topic and cluster stands for all before it', () => {
  const merged = mergeFrames([frame('changes', 'a', '1'), frame('leader', 'a'), frame('changes', 'a', '2')])
  expect(merged).toEqual([frame('changes', 'a', '2'), frame('leader', 'a')])
})
