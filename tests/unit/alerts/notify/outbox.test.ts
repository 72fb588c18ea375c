import { describe, expect, it } from 'vitest'
import { outboxLimit } from '../../../../lib/alerts/notify/planner'
import { notSent } from '../../../../lib/alerts/notify/sendOutcome'
import { down, minuteMs, notifyWorld, openChannel } from './notifyFixture'

describe('the outbox', () => {
  it('gives a receiver that was down for a minute everything once it is back, in order', async () => {
    const world = await notifyWorld()
    world.answers.set('hook', down)
    world.start()
    for (let i = 0; i < 30; i++) {
      await world.alert(`a${i}`, 'firing')
      await world.clock.advance(1_000)
      await world.alert(`a${i}`, 'resolved')
      await world.clock.advance(1_000)
    }
    expect(world.received).toEqual([])
    world.answers.delete('hook')
    await world.clock.advance(minuteMs)
    for (let i = 0; i < 30; i++) {
      const reasons = world.received.filter(({ notification }) => notification.groupKey === `a${i}`)
      expect(reasons.map(({ notification }) => notification.reason)).toEqual(['firing', 'resolved'])
    }
    expect(world.received).toHaveLength(60)
    expect(new Set(world.received.map(({ key }) => key)).size).toBe(60)
  })

  it('tries with the same key until it is taken, later and later, with chance in the delay', async () => {
    const world = await notifyWorld()
    const tries: { key: string; atMs: number }[] = []
    world.answers.set('hook', ({ key }) => {
      tries.push({ key, atMs: world.clock.nowMs() })
      return down()
    })
    world.start()
    await world.alert('a', 'firing')
    await world.clock.advance(20 * minuteMs)
    expect(new Set(tries.map(({ key }) => key)).size).toBe(1)
    const delays = tries.slice(1).map(({ atMs }, i) => atMs - (tries[i]?.atMs ?? 0))
    for (const [i, delayMs] of delays.entries()) {
      const ceilingMs = Math.min(15_000, 1_000 * 2 ** i)
      expect(delayMs).toBeGreaterThanOrEqual(ceilingMs / 2)
      expect(delayMs).toBeLessThanOrEqual(ceilingMs + 1)
    }
    expect(delays.length).toBeGreaterThan(20)
  })

  it('gives up after a day, keeps the message as failed and goes on with the next', async () => {
    const world = await notifyWorld([openChannel('hook', { repeatIntervalMs: 30 * 24 * 60 * minuteMs })])
    world.answers.set('hook', ({ notification }) => (notification.groupKey === 'old' ? down() : notSent('later')))
    const before = world.start()
    await world.alert('old', 'firing')
    await world.clock.advance(5_000)
    await before.stop()
    await world.clock.advance(24 * 60 * minuteMs)
    world.start()
    await world.clock.advance(2 * minuteMs)
    expect(await world.reader.outboxCounts()).toEqual([{ channelId: 'hook', waiting: 0, failed: 1 }])
    expect(await world.reader.notifiedOf(['old'])).toMatchObject([{ channelId: 'hook', state: 'failed' }])
    world.answers.delete('hook')
    await world.alert('new', 'firing')
    await world.clock.advance(2 * minuteMs)
    expect(world.received.map(({ notification }) => notification.groupKey)).toEqual(['new'])
  })

  it('does not try again what the receiver refuses for itself, and sends the next at once', async () => {
    const world = await notifyWorld()
    let tries = 0
    world.answers.set('hook', ({ notification }) => {
      if (notification.groupKey !== 'bad') return { ok: true, status: 200, detail: '' }
      tries++
      return notSent('receiver.test answered 400.', { status: 400, refused: true })
    })
    world.start()
    await world.alert('bad', 'firing')
    await world.alert('good', 'firing')
    await world.clock.advance(minuteMs)
    expect(tries).toBe(1)
    expect(world.received.map(({ notification }) => notification.groupKey)).toEqual(['good'])
  })

  it('waits as long as the receiver asks', async () => {
    const world = await notifyWorld()
    world.answers.set('hook', () => {
      if (world.clock.nowMs() < world.startMs + 30_000) return notSent('429', { status: 429, retryAfterMs: 45_000 })
      return { ok: true, status: 200, detail: '' }
    })
    world.start()
    await world.alert('a', 'firing')
    await world.clock.advance(44_000)
    expect(world.received).toEqual([])
    await world.clock.advance(3_000)
    expect(world.received).toHaveLength(1)
  })

  it('lets neither a dead nor a slow channel delay another', async () => {
    const world = await notifyWorld([openChannel('dead'), openChannel('fast'), openChannel('slow')])
    world.answers.set('dead', down)
    world.answers.set('slow', async () => {
      await world.clock.sleep(30_000)
      return { ok: true, status: 200, detail: '' }
    })
    world.start()
    for (let i = 0; i < 20; i++) await world.alert(`a${i}`, 'firing')
    await world.clock.advance(5_000)
    expect(world.received.filter(({ channel }) => channel === 'fast')).toHaveLength(20)
    expect(world.received.filter(({ channel }) => channel !== 'fast')).toHaveLength(0)
    await world.clock.advance(5 * minuteMs)
    expect(world.received.filter(({ channel }) => channel === 'slow')).toHaveLength(20)
    const health = await world.reader.channelHealth()
    expect(health.find(({ channelId }) => channelId === 'dead')).toMatchObject({
      lastSentMs: null,
      lastError: 'receiver.test refuses the connection.',
    })
    expect(health.find(({ channelId }) => channelId === 'fast')).toMatchObject({ failures: 0, lastError: null })
  })

  it('is bounded: what happens while it is full is told together afterwards', async () => {
    const world = await notifyWorld([openChannel('hook', { groupBy: ['member'] })])
    world.answers.set('hook', down)
    world.start()
    const ids = Array.from({ length: outboxLimit + 20 }, (_, i) => `a${i}`)
    await world.alerts(ids, 'firing')
    await world.clock.advance(minuteMs)
    expect(await world.reader.outboxCounts()).toMatchObject([{ waiting: outboxLimit }])
    world.answers.delete('hook')
    await world.clock.advance(3 * minuteMs)
    const told = new Set(world.received.flatMap(({ notification }) => notification.alerts.map(({ id }) => id)))
    expect(told.size).toBe(ids.length)
  })

  it('takes each step once over restarts, and tells after one what happened during it', async () => {
    const world = await notifyWorld()
    const first = world.start()
    await world.alert('a', 'firing')
    await world.clock.advance(2_000)
    await first.stop()
    await world.alert('b', 'firing')
    await world.alert('a', 'resolved')
    world.start()
    await world.clock.advance(2_000)
    // Messages of different groups go side by side.
    expect(world.told().sort()).toEqual(['0m hook firing [a] []', '0m hook firing [b] []', '0m hook resolved [] [a]'])
  })

  it('ends an alert in the group that it was told in, however it is grouped since', async () => {
    const world = await notifyWorld()
    const first = world.start()
    await world.alert('a', 'firing', { groupKey: 'one' })
    await world.clock.advance(2_000)
    await world.alert('a', 'firing', { groupKey: 'two' })
    await world.clock.advance(2_000)
    await first.stop()
    world.start()
    await world.clock.advance(2_000)
    await world.alert('a', 'resolved', { groupKey: 'three' })
    await world.clock.advance(2_000)
    expect(world.received.map(({ notification: { reason, groupKey } }) => `${reason} ${groupKey}`)).toEqual([
      'firing one',
      'resolved one',
    ])
  })

  it('tells a new channel what fires already, and forgets one that is gone', async () => {
    const world = await notifyWorld([])
    world.start()
    await world.alert('a', 'firing')
    await world.alert('b', 'firing')
    await world.alert('b', 'resolved')
    await world.clock.advance(5_000)
    await world.setChannels([openChannel('late')])
    await world.clock.advance(2_000)
    expect(world.told()).toEqual(['0m late firing [a] []'])
    world.answers.set('late', down)
    await world.alert('a', 'resolved')
    await world.clock.advance(2_000)
    await world.setChannels([])
    await world.clock.advance(2_000)
    expect(await world.reader.outboxCounts()).toEqual([])
    expect(await world.reader.channelHealth()).toEqual([])
  })
})
