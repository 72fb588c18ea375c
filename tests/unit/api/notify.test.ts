import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  type Channel,
  channelInput,
  type EndpointName,
  endpoints,
  type Problem,
  type Silence,
} from '../../../lib/contract'
import { systemClock } from '../../../lib/core/clock'
import { provideServing } from '../../../lib/query/serving'
import { type AlertInput, openAlertStore, openNotifyStore, openOperatorWriter } from '../../../lib/store'
import { noChannels } from '../../support/fakeOperator'
import { startHttpReceiver } from '../../support/httpReceiver'
import { startSmtpSink } from '../../support/smtpSink'
import { openTemporaryStore } from './recordedStore'
import { ask } from './routes'

/** Silences and channels over HTTP, on a real database, with receivers on loopback. */

const nowMs = Date.now()
const undo: (() => Promise<void> | void)[] = []
let folder = ''
/** Everything that any route has answered. */
let answered = ''

beforeAll(async () => {
  const record = await openTemporaryStore()
  const { databaseUrl, reader } = record
  folder = dirname(databaseUrl.slice('file:'.length))
  const prod = await record.writer.ensureCluster('prod', 'etcd', false)
  const store = await openAlertStore({ databaseUrl, clock: systemClock })
  const outbox = await openNotifyStore({ databaseUrl, clock: systemClock })
  const operator = await openOperatorWriter({ databaseUrl, clock: systemClock })
  const ownership = await store.acquireAlerts('test', 600_000)
  if (ownership === null) throw new Error('the free lease was refused')
  const alertOf = (id: string, given: Partial<AlertInput>): AlertInput => ({
    id,
    fingerprint: id,
    ruleId: 'r',
    rule: 'etcdNoLeader',
    cluster: prod,
    severity: 'critical',
    phase: 'firing',
    activeMs: nowMs,
    startsMs: nowMs,
    endsMs: null,
    evaluatedMs: nowMs,
    value: 0,
    peak: 0,
    threshold: 0,
    comparison: '==',
    unit: '',
    labels: { member: id },
    summary: id,
    annotations: {},
    runbookUrl: null,
    groupKey: 'g',
    supersededBy: null,
    leaderChangeTerm: null,
    state: {},
    ...given,
  })
  const alerts = [alertOf('a', {}), alertOf('b', {}), alertOf('old', { phase: 'resolved', endsMs: nowMs })]
  await store.writeEvaluation(ownership, { alerts, transitions: [], faults: null })
  const told = { channelId: 'settings-fixed', groupKey: 'g', key: 'k', createdMs: nowMs, document: {}, alertIds: ['a'] }
  const plan = { ownership, fromCursor: 0, cursor: 0, groups: [], removedGroups: [], notifications: [told] }
  await outbox.commitPlan(plan)
  const fixed = channelInput.parse({
    name: 'fixed',
    target: { kind: 'slack', url: 'https://hooks.test/canary-settings' },
  })
  const settings = { ...noChannels.settings, allowPrivateTargets: true, channels: [fixed] }
  undo.push(
    provideServing({
      notify: { ...noChannels, settings },
      reader,
      operator,
      version: '1.0.0',
      startedAtMs: nowMs,
      settings: { databaseUrl: 'file:record.db', clusters: [{ name: 'prod', endpoints: [] }], insecure: false },
    }),
    () => operator.close(),
    () => outbox.close(),
    () => store.close(),
    record.close,
  )
})

afterAll(async () => {
  for (const step of undo) await step()
})

async function raw(name: EndpointName, options: Parameters<typeof ask>[2], query = {}): Promise<[number, unknown]> {
  const response = await ask(name, query, options)
  const text = await response.text()
  answered += text
  return [response.status, JSON.parse(text)]
}

/** Asks and holds the answer against its schema. */
async function answer<T>(name: EndpointName, options: Parameters<typeof ask>[2] = {}, query = {}): Promise<T> {
  const [status, body] = await raw(name, options, query)
  expect(status, JSON.stringify(body)).toBe(200)
  return endpoints[name].answer?.parse(body) as T
}

async function refusal(name: EndpointName, options: Parameters<typeof ask>[2]): Promise<Partial<Problem>> {
  const [status, body] = await raw(name, options)
  expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400)
  return body as Partial<Problem>
}

const hook = (url: string, more: Record<string, unknown> = {}) => ({ kind: 'webhook', url, ...more })

describe('channels', () => {
  it('are created, read, changed and deleted; those of the settings file only read', async () => {
    const body = {
      name: 'ops',
      target: hook('https://receiver.test/hook'),
      quietHours: [{ from: '22:00', to: '07:00' }],
    }
    const created = await answer<Channel>('createChannel', { body })
    expect(created).toMatchObject({
      ...body,
      source: 'database',
      readOnly: false,
      secretSet: false,
      minSeverity: 'warning',
      health: { state: 'unknown', lastSentAt: null, lastError: null, waiting: 0, failed: 0, nextTryAt: null },
    })
    const params = { id: created.id }
    const changed = await answer<Channel>('changeChannel', { params, body: { ...body, name: 'ops 2', enabled: false } })
    expect(changed).toMatchObject({ id: created.id, name: 'ops 2', enabled: false, createdAt: created.createdAt })
    expect(await answer('channel', { params })).toEqual(changed)
    const listed = await answer<{ items: Channel[] }>('channels')
    expect(listed.items.map(({ name, readOnly }) => [name, readOnly])).toEqual([
      ['ops 2', false],
      ['fixed', true],
    ])
    expect(await answer('deleteChannel', { params })).toEqual({ deleted: true })
    expect(await refusal('channel', { params })).toMatchObject({ status: 404 })
    const fixed = { params: { id: 'settings-fixed' }, body }
    expect(await refusal('changeChannel', fixed)).toMatchObject({ status: 403, parameter: 'id' })
    expect(await refusal('deleteChannel', fixed)).toMatchObject({ status: 403, parameter: 'id' })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown kind', { target: { kind: 'pigeon' } }, 'target.kind'],
    ['a URL of another scheme', { target: hook('ftp://a.test') }, 'target.url'],
    ['a URL with a password', { target: hook('https://u:canary-userinfo@a.test/') }, 'target.url'],
    ['Slack without its URL', { target: { kind: 'slack' } }, 'target.url'],
    ['PagerDuty without its key', { target: { kind: 'pagerduty' } }, 'target.routingKey'],
    ['mail to nobody', { target: { kind: 'email', host: 'm.test', from: 'a@b.org', to: [] } }, 'target.to'],
    [
      'a time zone that there is not',
      { quietHours: [{ from: '22:00', to: '07:00', timeZone: 'Mars' }] },
      'quietHours.0.timeZone',
    ],
    ['a pattern that cannot be used', { matchers: [{ name: 'a', op: '=~', value: '(' }] }, 'matchers.0.value'],
    ['a place that is never filled in', { template: { title: '{{ valeu }}' } }, 'template.title'],
    ['a name that is taken', { name: 'fixed' }, 'name'],
    ['an unknown field', { minSeverty: 'info' }, 'minSeverty'],
  ])('with %s are refused, naming the field', async (_what, given, parameter) => {
    const body = { name: 'bad', target: hook('https://receiver.test/'), ...given }
    expect(await refusal('createChannel', { body })).toMatchObject({ status: 400, parameter })
  })

  it('keep a secret that a change leaves out, and give it to no other receiver', async () => {
    const receiver = await startHttpReceiver()
    const target = { kind: 'alertmanager', url: `${receiver.url}/?token=canary-query`, bearerToken: 'canary-bearer' }
    const created = await answer<Channel>('createChannel', { body: { name: 'am', target } })
    expect(created.target).toEqual({ kind: 'alertmanager', url: `${receiver.url}/?…` })
    expect(created.secretSet).toBe(true)
    const params = { id: created.id }
    // As a form sends back what it was shown.
    await answer('changeChannel', { params, body: { name: 'am', target: created.target } })
    expect(await answer('testChannel', { params })).toMatchObject({ ok: true, status: 200 })
    expect(receiver.requests[0]?.headers.authorization).toBe('Bearer canary-bearer')
    expect(receiver.requests[0]?.path).toBe('/api/v2/alerts?token=canary-query')
    const elsewhere = { name: 'am', target: { kind: 'alertmanager', url: 'http://127.0.0.1:1/' } }
    expect(await refusal('changeChannel', { params, body: elsewhere })).toMatchObject({
      status: 400,
      parameter: 'target.bearerToken',
    })
    await answer('deleteChannel', { params })
  })

  it('tell what a test message came to, and are well or failing by it', async () => {
    const receiver = await startHttpReceiver()
    receiver.answers.push({ status: 500, body: 'you sent canary-hmac' })
    const body = { name: 'tested', target: hook(receiver.url, { secret: 'canary-hmac' }) }
    const { id } = await answer<Channel>('createChannel', { body })
    const failed = await answer<{ tookMs: number }>('testChannel', { params: { id } })
    expect(failed).toMatchObject({ ok: false, status: 500, detail: '127.0.0.1 answered 500: you sent ….' })
    expect((await answer<Channel>('channel', { params: { id } })).health).toMatchObject({
      state: 'failing',
      lastError: '127.0.0.1 answered 500: you sent ….',
    })
    expect(await answer('testChannel', { params: { id } })).toMatchObject({ ok: true, status: 200 })
    const { health } = await answer<Channel>('channel', { params: { id } })
    expect(health.state).toBe('ok')
    expect(health.lastSentAt).not.toBeNull()
    expect(JSON.parse(receiver.requests[1]?.body ?? '')).toMatchObject({ reason: 'test', status: 'resolved' })
    await answer('deleteChannel', { params: { id } })
  })

  it('never tell a secret: not in answers, not in the database, not in the log', async () => {
    const receiver = await startHttpReceiver()
    const sink = await startSmtpSink()
    const mail = {
      kind: 'email',
      host: '127.0.0.1',
      port: sink.port,
      tls: 'none',
      from: 'a@b.org',
      to: ['c@d.org'],
      user: 'u',
    }
    const targets = [
      hook(`${receiver.url}/?t=canary-query`, { secret: 'canary-hmac' }),
      { kind: 'alertmanager', url: receiver.url, bearerToken: 'canary-bearer' },
      { kind: 'slack', url: `${receiver.url}/canary-slack` },
      { kind: 'pagerduty', url: receiver.url, routingKey: 'canary-routing' },
      { ...mail, password: 'canary-password' },
    ]
    const logged: string[] = []
    for (const word of ['error', 'warn', 'log'] as const) {
      const spy = vi.spyOn(console, word).mockImplementation((...said) => void logged.push(said.map(String).join(' ')))
      onTestFinished(() => spy.mockRestore())
    }
    for (const [i, target] of targets.entries()) {
      sink.refusals.clear()
      const { id } = await answer<Channel>('createChannel', { body: { name: `canary ${i}`, target } })
      expect(await answer('testChannel', { params: { id } })).toMatchObject({ ok: true })
      receiver.answers.push({ status: 401, body: receiver.requests.at(-1)?.body ?? '' })
      sink.refusals.set('AUTH', '535 canary-password is wrong')
      expect(await answer('testChannel', { params: { id } })).toMatchObject({ ok: false })
      receiver.answers.length = 0
      await raw('changeChannel', {
        params: { id },
        body: { name: `canary ${i}`, target: { ...target, kind: 'none' } },
      })
    }
    await answer('channels')
    expect(sink.mails[0]?.login).toBe(':u:canary-password')
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
    expect(files.join('')).toContain('canary 0') // the names are there, so this is the right place to look
    for (const [where, text] of Object.entries({ files: files.join(''), answered, log: logged.join('') })) {
      expect(/canary-\w+/.exec(text)?.[0], where).toBeUndefined()
    }
  })
})

describe('silences', () => {
  const body = {
    matchers: [{ name: 'member', op: '=~', value: 'a|x' }],
    author: 'ann',
    reason: 'repair',
    endsAt: '+2h',
  }

  it('hold alerts back, tell how many, end when deleted and stay to be seen', async () => {
    const created = await answer<Silence>('createSilence', { body })
    expect(created).toMatchObject({ author: 'ann', reason: 'repair', state: 'active', matched: 1 })
    expect(Date.parse(created.endsAt) - Date.parse(created.startsAt)).toBe(7_200_000)
    const silenced = async (silenced: string) =>
      (await answer<{ items: { id: string; silencedBy: string | null }[] }>('alerts', {}, { silenced, limit: '1' }))
        .items
    expect(await silenced('true')).toMatchObject([{ id: 'a', silencedBy: created.id }])
    expect(await silenced('false')).toMatchObject([{ silencedBy: null }])
    const params = { id: created.id }
    const longer = await answer<Silence>('changeSilence', {
      params,
      body: { ...body, endsAt: '+1d', reason: 'longer' },
    })
    expect(longer).toMatchObject({ startsAt: created.startsAt, reason: 'longer' })
    const ended = await answer<{ silence: Silence }>('deleteSilence', { params })
    expect(ended.silence).toMatchObject({ state: 'expired', matched: 0 })
    expect((await answer<{ items: Silence[] }>('silences', {}, { state: 'active' })).items).toEqual([])
    expect((await answer<{ items: Silence[] }>('silences', {}, { state: 'expired' })).items).toHaveLength(1)
    expect(await answer('deleteSilence', { params })).toEqual({ silence: null })
    expect(await refusal('silence', { params })).toMatchObject({ status: 404 })
  })

  it('of the future wait', async () => {
    const later = new Date(nowMs + 3_600_000).toISOString()
    const created = await answer<Silence>('createSilence', { body: { ...body, startsAt: later } })
    expect(created).toMatchObject({ state: 'pending', matched: 0, startsAt: later })
    expect(Date.parse(created.endsAt)).toBe(nowMs + 3 * 3_600_000)
    expect(await answer('deleteSilence', { params: { id: created.id } })).toEqual({ silence: null })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['without a reason', { reason: '  ' }, 'reason'],
    ['without an author', { author: '' }, 'author'],
    ['without matchers', { matchers: [] }, 'matchers'],
    ['that match everything', { matchers: [{ name: 'any', op: '=~', value: '.*' }] }, 'matchers'],
    ['with a pattern that cannot be used', { matchers: [{ name: 'a', op: '!~', value: '(?=x)' }] }, 'matchers.0.value'],
    ['that ended', { endsAt: '-1h' }, 'endsAt'],
    ['that end before they begin', { startsAt: '2100-01-02T00:00:00Z', endsAt: '2100-01-01T00:00:00Z' }, 'endsAt'],
    ['of more than a year', { endsAt: '+60w' }, 'endsAt'],
  ])('%s are refused, naming the field', async (_what, given, parameter) => {
    expect(await refusal('createSilence', { body: { ...body, ...given } })).toMatchObject({ status: 400, parameter })
  })
})

describe('Prometheus', () => {
  it('is told how many messages wait for each channel', async () => {
    const text = await (await ask('exposition')).text()
    expect(text).toContain('etcdscope_notifications_waiting{channel="fixed"} 1')
    expect(text).toContain('etcdscope_notifications_given_up{channel="fixed"} 0')
  })
})

describe('an alert', () => {
  it('tells who was told of it', async () => {
    const { items } = await answer<{ items: { id: string; notified: unknown[] }[] }>('alerts')
    const notified = items.find(({ id }) => id === 'a')?.notified
    expect(notified).toEqual([{ channel: 'fixed', at: new Date(nowMs).toISOString(), state: 'waiting' }])
  })
})
