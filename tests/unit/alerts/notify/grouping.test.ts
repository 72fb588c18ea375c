import { describe, expect, it } from 'vitest'
import { minuteMs, notifyWorld, openChannel } from './notifyFixture'

/** One virtual minute after the other: what happens in it, and what the channel is told in the end. */
type Happening = 'fire' | 'resolve' | 'silence' | 'acknowledge'
interface Story {
  readonly channel?: Record<string, unknown>
  /** Minute, what, which alert; all alerts are of one group. */
  readonly events: readonly (readonly [number, Happening, string?, Record<string, unknown>?])[]
  readonly minutes: number
  readonly told: readonly string[]
}

const five = { groupIntervalMs: 5 * minuteMs }
/** The world's clock stands at 00:16:40 of the first day. */
const untilTwo = { quietHours: [{ from: '00:00', to: '02:00' }] }

const stories: Record<string, Story> = {
  'an alert is told at once, and its end at once when the interval has passed': {
    channel: five,
    events: [
      [0, 'fire', 'a'],
      [7, 'resolve', 'a'],
    ],
    minutes: 20,
    told: ['0m hook firing [a] []', '7m hook resolved [] [a]'],
  },
  'what follows within the interval is gathered': {
    channel: five,
    events: [
      [0, 'fire', 'a'],
      [1, 'fire', 'b'],
      [2, 'fire', 'c'],
      [3, 'resolve', 'a'],
    ],
    minutes: 20,
    told: ['0m hook firing [a] []', '5m hook firing [b c] [a]'],
  },
  'the first message waits for what comes with it': {
    channel: { ...five, groupWaitMs: 2 * minuteMs },
    events: [
      [0, 'fire', 'a'],
      [1, 'fire', 'b'],
    ],
    minutes: 4,
    told: ['2m hook firing [a b] []'],
  },
  'an alert that came and went while the first message waited is told': {
    channel: { ...five, groupWaitMs: 2 * minuteMs },
    events: [
      [0, 'fire', 'a'],
      [1, 'resolve', 'a'],
    ],
    minutes: 4,
    told: ['2m hook resolved [] [a]'],
  },
  'some ended, others fire on': {
    events: [
      [0, 'fire', 'a'],
      [0, 'fire', 'b'],
      [3, 'resolve', 'a'],
      [5, 'resolve', 'b'],
    ],
    minutes: 6,
    told: ['0m hook firing [a b] []', '3m hook changed [b] [a]', '5m hook resolved [] [b]'],
  },
  'what fires on is repeated': {
    channel: { repeatIntervalMs: 10 * minuteMs },
    events: [
      [0, 'fire', 'a'],
      [25, 'resolve', 'a'],
    ],
    minutes: 60,
    told: ['0m hook firing [a] []', '10m hook repeat [a] []', '20m hook repeat [a] []', '25m hook resolved [] [a]'],
  },
  'an acknowledgement stops the repeats, not the end': {
    channel: { repeatIntervalMs: 10 * minuteMs },
    events: [
      [0, 'fire', 'a'],
      [12, 'acknowledge', 'a'],
      [45, 'resolve', 'a'],
    ],
    minutes: 60,
    told: ['0m hook firing [a] []', '10m hook repeat [a] []', '45m hook resolved [] [a]'],
  },
  'without messages of the end nothing is told of it': {
    channel: { sendResolved: false },
    events: [
      [0, 'fire', 'a'],
      [3, 'resolve', 'a'],
      [5, 'fire', 'b'],
    ],
    minutes: 10,
    told: ['0m hook firing [a] []', '5m hook firing [b] []'],
  },
  'the interval outlives the group: what flaps does not ring each time': {
    channel: { ...five, sendResolved: false },
    events: [
      [0, 'fire', 'a'],
      [1, 'resolve', 'a'],
      [2, 'fire', 'b'],
      [3, 'resolve', 'b'],
    ],
    minutes: 10,
    told: ['0m hook firing [a] []', '5m hook resolved [] [b]'],
  },
  'alerts below the wanted severity are not told': {
    channel: { minSeverity: 'critical' },
    events: [
      [0, 'fire', 'a'],
      [1, 'fire', 'b', { severity: 'critical' }],
    ],
    minutes: 3,
    told: ['1m hook firing [b] []'],
  },
  'only alerts that match are told': {
    channel: { matchers: [{ name: 'member', op: '=~', value: 'a|c' }] },
    events: [
      [0, 'fire', 'a'],
      [1, 'fire', 'b'],
      [2, 'fire', 'c'],
    ],
    minutes: 3,
    told: ['0m hook firing [a] []', '2m hook firing [a c] []'],
  },
  'the labels of a channel divide its groups': {
    channel: { groupBy: ['member'], ...five },
    events: [
      [0, 'fire', 'a'],
      [1, 'fire', 'b'],
    ],
    minutes: 3,
    told: ['0m hook firing [a] []', '1m hook firing [b] []'],
  },
  'a graver alert of the same series is told instead': {
    channel: five,
    events: [
      [0, 'fire', 'a', { supersededBy: 'b' }],
      [0, 'fire', 'b', { severity: 'critical' }],
      [8, 'resolve', 'b'],
      [9, 'fire', 'a', { supersededBy: null }],
    ],
    minutes: 20,
    told: ['0m hook firing [b] []', '8m hook resolved [] [b]', '13m hook firing [a] []'],
  },
  'a silence holds back, and at its end what still fires is told': {
    events: [
      [0, 'silence'],
      [1, 'fire', 'a'],
      [2, 'fire', 'b'],
      [3, 'resolve', 'b'],
    ],
    minutes: 40,
    told: ['30m hook firing [a] []'],
  },
  'a silence holds the end back as well, and repeats': {
    channel: { repeatIntervalMs: 4 * minuteMs },
    events: [
      [0, 'fire', 'a'],
      [1, 'silence'],
      [20, 'resolve', 'a'],
    ],
    minutes: 60,
    told: ['0m hook firing [a] []', '31m hook resolved [] [a]'],
  },
  'after quiet hours everything is told that happened in them': {
    channel: untilTwo,
    events: [
      [1, 'fire', 'a'],
      [2, 'fire', 'b'],
      [3, 'resolve', 'b'],
    ],
    minutes: 120,
    told: ['103m hook firing [a] [b]'],
  },
  'quiet hours let critical alerts through': {
    channel: untilTwo,
    events: [
      [1, 'fire', 'a'],
      [2, 'fire', 'b', { severity: 'critical' }],
    ],
    minutes: 120,
    told: ['2m hook firing [b] []', '103m hook firing [a b] []'],
  },
  'quiet hours hold repeats and ends back': {
    channel: { quietHours: [{ from: '00:20', to: '01:00' }], repeatIntervalMs: 10 * minuteMs },
    events: [
      [0, 'fire', 'a'],
      [30, 'resolve', 'a'],
    ],
    minutes: 90,
    told: ['0m hook firing [a] []', '43m hook resolved [] [a]'],
  },
  'Alertmanager hears of everything at once and each minute, whatever the channel says': {
    channel: { target: { kind: 'alertmanager', url: 'http://am.test' }, ...five, groupWaitMs: minuteMs },
    events: [
      [0, 'fire', 'a'],
      [1, 'fire', 'b'],
      [2, 'acknowledge', 'a'],
      [2, 'acknowledge', 'b'],
      [3, 'resolve', 'a'],
      [4, 'resolve', 'b'],
    ],
    minutes: 8,
    told: [
      '0m hook firing [a] []',
      '1m hook repeat [a] []',
      '1m hook firing [a b] []',
      '2m hook repeat [a b] []',
      '3m hook changed [b] [a]',
      '4m hook resolved [] [b]',
    ],
  },
  'Alertmanager is told on of what a silence holds back: it would take its end for resolved': {
    channel: { target: { kind: 'alertmanager', url: 'http://am.test' } },
    events: [
      [0, 'fire', 'a'],
      [1, 'silence'],
      [1, 'fire', 'b'],
    ],
    minutes: 3,
    told: ['0m hook firing [a] []', '1m hook repeat [a] []', '2m hook repeat [a] []', '3m hook repeat [a] []'],
  },
  'PagerDuty is told that everything was acknowledged': {
    channel: { target: { kind: 'pagerduty', routingKey: 'k' }, repeatIntervalMs: 10 * minuteMs },
    events: [
      [0, 'fire', 'a'],
      [1, 'fire', 'b'],
      [2, 'acknowledge', 'a'],
      [3, 'acknowledge', 'b'],
      [20, 'resolve', 'a'],
      [21, 'resolve', 'b'],
    ],
    minutes: 30,
    told: [
      '0m hook firing [a] []',
      '1m hook firing [a b] []',
      '3m hook acknowledged [a b] []',
      '20m hook changed [b] [a]',
      '21m hook resolved [] [b]',
    ],
  },
}

describe('a channel', () => {
  it.each(Object.entries(stories))('%s', async (_name, { channel = {}, events, minutes, told }) => {
    const world = await notifyWorld([openChannel('hook', channel)])
    world.start()
    for (let minute = 0; minute < minutes; minute++) {
      for (const [at, what, id = '', given = {}] of events) {
        if (at !== minute) continue
        if (what === 'fire') await world.alert(id, 'firing', { groupKey: 'g', ...given })
        if (what === 'resolve') await world.alert(id, 'resolved')
        if (what === 'silence') await world.silence({ forMs: 30 * minuteMs })
        if (what === 'acknowledge') await world.operator.acknowledgeAlert(id, { by: 'ann', note: '' })
      }
      await world.clock.advance(minuteMs)
    }
    expect(world.told()).toEqual(told)
  })
})
