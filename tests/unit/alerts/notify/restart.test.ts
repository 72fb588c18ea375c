import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../../lib/core/clock'
import { type AlertInput, openAlertStore } from '../../../../lib/store'
import { startHttpReceiver } from '../../../support/httpReceiver'
import { seededRandom } from '../../../support/seededRandom'
import { until } from '../../../support/until'
import { testRecord } from '../../store/recordFixture'

const kills = 3
const alertsARound = 25

interface Message {
  readonly key: string
  readonly reason: string
  readonly groupKey: string
}

describe('a notifier in a process of its own', () => {
  it(`loses nothing and tells twice only with the same key, killed ${kills} times while it sends`, async () => {
    const random = seededRandom(17)
    const record = await testRecord()
    const { databaseUrl, cluster } = record
    const store = await openAlertStore({ databaseUrl, clock: systemClock })
    onTestFinished(() => store.close())
    const ownership = await store.acquireAlerts('test', 3_600_000)
    if (ownership === null) throw new Error('the fresh lease was refused')
    const receiver = await startHttpReceiver()
    const write = async (ids: readonly string[], phase: 'firing' | 'resolved') => {
      const nowMs = Date.now()
      const alerts = ids.map((id) => alertOf(id, cluster, phase, nowMs))
      const transitions = ids.map((alertId) => ({ alertId, kind: phase, atMs: nowMs, value: 1, summary: '' }))
      await store.writeEvaluation(ownership, { alerts, transitions, faults: null })
    }
    const start = (): ChildProcess => {
      const script = fileURLToPath(new URL('../../../support/notifierProcess.ts', import.meta.url))
      const args = [databaseUrl, receiver.url, ownership.owner, String(ownership.token)]
      const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      return child
    }

    const all: string[] = []
    for (let kill = 0; kill < kills; kill++) {
      const ids = Array.from({ length: alertsARound }, (_, i) => `${kill}-${i}`)
      all.push(...ids)
      await write(ids, 'firing')
      const before = receiver.requests.length
      const child = start()
      const killAfter = 1 + Math.floor(random() * alertsARound)
      await until('messages to be under way', () => receiver.requests.length >= before + killAfter, 60_000)
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    start()
    await until('every alert to be told', () => toldOf(receiver, 'firing').size === all.length, 60_000)
    await write(all, 'resolved')
    await until('every end to be told', () => toldOf(receiver, 'resolved').size === all.length, 60_000)

    const messages = messagesOf(receiver)
    const keys = new Map<string, string>()
    for (const { key, reason, groupKey } of messages) {
      expect(keys.get(key) ?? `${reason} ${groupKey}`).toBe(`${reason} ${groupKey}`)
      keys.set(key, `${reason} ${groupKey}`)
    }
    // Every message was decided once, however often it was sent.
    expect(new Set(keys.values()).size).toBe(keys.size)
    expect([...keys.values()].sort()).toEqual(all.flatMap((id) => [`firing ${id}`, `resolved ${id}`]).sort())
  }, 180_000)
})

function messagesOf(receiver: { requests: readonly { body: string }[] }): Message[] {
  return receiver.requests.map(({ body }) => JSON.parse(body))
}

function toldOf(receiver: { requests: readonly { body: string }[] }, reason: string): Set<string> {
  return new Set(messagesOf(receiver).flatMap((message) => (message.reason === reason ? [message.groupKey] : [])))
}

function alertOf(id: string, cluster: AlertInput['cluster'], phase: 'firing' | 'resolved', nowMs: number): AlertInput {
  return {
    id,
    fingerprint: id,
    ruleId: 'r',
    rule: 'etcdNoLeader',
    cluster,
    severity: 'warning',
    phase,
    activeMs: nowMs,
    startsMs: nowMs,
    endsMs: phase === 'resolved' ? nowMs : null,
    evaluatedMs: nowMs,
    value: 1,
    peak: 1,
    threshold: 0,
    comparison: '>',
    unit: '',
    labels: { member: id },
    summary: id,
    annotations: {},
    runbookUrl: null,
    groupKey: id,
    supersededBy: null,
    leaderChangeTerm: null,
    state: null,
  }
}
