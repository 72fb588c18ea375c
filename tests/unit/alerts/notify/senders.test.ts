import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compilePolicy, type TargetPolicy } from '../../../../lib/alerts/notify/addressRules'
import { createDeliver } from '../../../../lib/alerts/notify/deliver'
import type { Notification, NotifiedAlert } from '../../../../lib/alerts/notify/notification'
import type { Delivery } from '../../../../lib/alerts/notify/openChannel'
import { signatureOf } from '../../../../lib/alerts/notify/senders/webhook'
import { type Certificates, makeCertificates } from '../../../support/etcdCertificates'
import { startHttpReceiver } from '../../../support/httpReceiver'
import { startSmtpSink } from '../../../support/smtpSink'
import { openChannel } from './notifyFixture'

const nowMs = Date.parse('2026-11-28T12:00:00Z')

const alert: NotifiedAlert = {
  id: 'f1-1',
  fingerprint: 'f1',
  rule: 'etcdNoLeader',
  cluster: 'prod',
  severity: 'critical',
  firing: true,
  labels: { alertname: 'etcdNoLeader', cluster: 'prod', severity: 'critical', member: '<etcd-1>', zone: '' },
  annotations: { description: 'Nothing can be written.' },
  summary: 'etcd-1 sees no leader',
  value: 0,
  threshold: 1,
  comparison: '<',
  unit: '',
  startsMs: nowMs - 60_000,
  endsMs: null,
  runbookUrl: 'https://runbooks.example/no-leader',
  acknowledged: null,
}
const ended: NotifiedAlert = { ...alert, id: 'f2-1', fingerprint: 'f2', firing: false, endsMs: nowMs - 1_000 }

function delivery(given: Partial<Notification> = {}): Delivery {
  const told = {
    reason: 'firing' as const,
    groupKey: 'g',
    groupLabels: { alertname: 'etcdNoLeader' },
    stillFiring: true,
  }
  return { key: 'key-1', externalUrl: 'https://scope.example', notification: { ...told, alerts: [alert], ...given } }
}

function deliver(
  policy: TargetPolicy = { allowPrivate: true, allow: [] },
  timeoutMs = 2_000,
  ca: string | null = null,
) {
  const resolve = async (host: string) => [{ address: host === 'public.test' ? '1.1.1.1' : '127.0.0.1', family: 4 }]
  return createDeliver({ check: compilePolicy(policy), resolve, timeoutMs, nowMs: () => nowMs, ca })
}

const bodyOf = (request: { body: string } | undefined): Record<string, unknown> => JSON.parse(request?.body ?? '{}')

describe('a webhook', () => {
  it('is a signed POST in the form of Alertmanager’s webhook, with the key in header and body', async () => {
    const receiver = await startHttpReceiver()
    const target = { kind: 'webhook', url: `${receiver.url}/hook?x=1`, secret: 'sesame' }
    const outcome = await deliver()(openChannel('hook', { target }), delivery({ alerts: [alert, ended] }))
    expect(outcome).toEqual({ ok: true, status: 200, detail: '127.0.0.1 answered 200.' })
    const [request] = receiver.requests
    expect(request).toMatchObject({ method: 'POST', path: '/hook?x=1' })
    const timestamp = String(nowMs / 1_000)
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': 'key-1',
      'x-etcdscope-timestamp': timestamp,
      'x-etcdscope-signature': `sha256=${signatureOf('sesame', timestamp, request?.body ?? '')}`,
    })
    expect(bodyOf(request)).toMatchObject({
      version: '4',
      key: 'key-1',
      reason: 'firing',
      status: 'firing',
      receiver: 'hook',
      groupKey: 'g',
      groupLabels: { alertname: 'etcdNoLeader' },
      commonLabels: { alertname: 'etcdNoLeader', cluster: 'prod', severity: 'critical' },
      externalURL: 'https://scope.example',
      truncatedAlerts: 0,
      alerts: [
        {
          status: 'firing',
          labels: alert.labels,
          annotations: { summary: 'etcd-1 sees no leader', description: 'Nothing can be written.' },
          startsAt: '2026-11-28T11:59:00.000Z',
          endsAt: null,
          generatorURL: 'https://scope.example/c/prod/alerts',
          fingerprint: 'f1',
          value: 0,
        },
        { status: 'resolved', endsAt: '2026-11-28T11:59:59.000Z' },
      ],
    })
  })

  it('without a secret carries no signature', async () => {
    const receiver = await startHttpReceiver()
    await deliver()(openChannel('hook', { target: { kind: 'webhook', url: receiver.url } }), delivery())
    expect(Object.keys(receiver.requests[0]?.headers ?? {})).not.toContain('x-etcdscope-signature')
  })

  it('says its template', async () => {
    const receiver = await startHttpReceiver()
    const template = { title: '{{ rule }} {{ status }} on {{ cluster }}', body: '{{ labels.member }}: {{ value }}' }
    await deliver()(openChannel('hook', { target: { kind: 'webhook', url: receiver.url }, template }), delivery())
    expect(bodyOf(receiver.requests[0])).toMatchObject({ title: 'etcdNoLeader firing on prod', text: '<etcd-1>: 0' })
  })
})

describe('Alertmanager', () => {
  it('gets every alert on its API v2, with an end ahead of the next sending', async () => {
    const receiver = await startHttpReceiver()
    const target = { kind: 'alertmanager', url: `${receiver.url}/am/`, bearerToken: 'sesame' }
    await deliver()(openChannel('am', { target }), delivery({ alerts: [alert, ended] }))
    const [request] = receiver.requests
    expect(request).toMatchObject({ method: 'POST', path: '/am/api/v2/alerts' })
    expect(request?.headers.authorization).toBe('Bearer sesame')
    expect(JSON.parse(request?.body ?? '')).toEqual([
      {
        // An empty label is refused there and means none.
        labels: { alertname: 'etcdNoLeader', cluster: 'prod', severity: 'critical', member: '<etcd-1>' },
        annotations: {
          summary: 'etcd-1 sees no leader',
          description: 'Nothing can be written.',
          runbook_url: 'https://runbooks.example/no-leader',
        },
        startsAt: '2026-11-28T11:59:00.000Z',
        endsAt: '2026-11-28T12:04:00.000Z',
        generatorURL: 'https://scope.example/c/prod/alerts',
      },
      expect.objectContaining({ endsAt: '2026-11-28T11:59:59.000Z' }),
    ])
  })

  it('gets many alerts in several requests', async () => {
    const receiver = await startHttpReceiver()
    const alerts = Array.from({ length: 250 }, (_, i) => ({ ...alert, id: `a${i}` }))
    await deliver()(openChannel('am', { target: { kind: 'alertmanager', url: receiver.url } }), delivery({ alerts }))
    expect(receiver.requests.map(({ body }) => JSON.parse(body).length)).toEqual([100, 100, 50])
  })
})

describe('Slack', () => {
  it('gets a line and an attachment an alert, with nothing that could call people', async () => {
    const receiver = await startHttpReceiver()
    const target = { kind: 'slack', url: `${receiver.url}/services/T/B/x`, channel: '#ops' }
    await deliver()(openChannel('slack', { target }), delivery())
    expect(receiver.requests[0]?.path).toBe('/services/T/B/x')
    expect(bodyOf(receiver.requests[0])).toMatchObject({
      channel: '#ops',
      text: '[FIRING:1] etcdNoLeader on prod: etcd-1 sees no leader',
      attachments: [{ color: '#b3261e', text: expect.stringContaining('etcdNoLeader on prod: 0, threshold &lt; 1') }],
    })
    const many = Array.from({ length: 30 }, () => alert)
    await deliver()(openChannel('slack', { target }), delivery({ alerts: many }))
    expect(bodyOf(receiver.requests[1]).attachments).toHaveLength(21)
    expect(receiver.requests[1]?.body).toContain('and 10 more')
  })
})

describe('PagerDuty', () => {
  it.each<[string, Partial<Notification>, string]>([
    ['triggers while something fires', {}, 'trigger'],
    [
      'stays open while what fires is only held back',
      { reason: 'changed', alerts: [ended], stillFiring: true },
      'trigger',
    ],
    ['acknowledges', { reason: 'acknowledged' }, 'acknowledge'],
    ['resolves', { reason: 'resolved', alerts: [ended], stillFiring: false }, 'resolve'],
  ])('%s, always with the key of the group', async (_what, told, action) => {
    const receiver = await startHttpReceiver()
    const target = { kind: 'pagerduty', routingKey: 'sesame', url: `${receiver.url}/v2/enqueue` }
    await deliver()(openChannel('pd', { target }), delivery(told))
    const body = bodyOf(receiver.requests[0])
    expect(body).toMatchObject({ routing_key: 'sesame', event_action: action })
    expect(body.dedup_key).toMatch(/^etcdscope-[0-9a-f]{40}$/)
    expect(body.payload === undefined).toBe(action !== 'trigger')
    if (told.reason === undefined) {
      expect(body.payload).toMatchObject({
        summary: '[FIRING:1] etcdNoLeader on prod: etcd-1 sees no leader',
        source: 'prod',
        severity: 'critical',
        timestamp: '2026-11-28T11:59:00.000Z',
        class: 'etcdNoLeader',
      })
    }
  })
})

describe('e-mail', () => {
  const target = {
    kind: 'email',
    host: 'mail.test',
    tls: 'none',
    from: 'scope@example.org',
    to: ['a@example.org', 'b@example.org'],
  }

  it('is sent over SMTP, the key in its Message-ID', async () => {
    const sink = await startSmtpSink()
    const channel = openChannel('mail', { target: { ...target, port: sink.port, user: 'ann', password: 'sesame' } })
    expect(await deliver()(channel, delivery())).toEqual({ ok: true, status: 250, detail: 'mail.test took the mail.' })
    const [mail] = sink.mails
    expect(mail).toMatchObject({ from: '<scope@example.org>', to: ['<a@example.org>', '<b@example.org>'] })
    expect(mail?.login).toBe(':ann:sesame')
    expect(mail?.data).toContain('Message-ID: <key-1@etcdscope>')
    expect(mail?.data).toContain('Subject: [FIRING:1] etcdNoLeader on prod: etcd-1 sees no leader')
    expect(mail?.data).toContain('X-Etcdscope-Key: key-1')
    expect(mail?.data).toContain('since 2026-11-28T11:59:00.000Z')
  })

  it('has no header that a label wrote', async () => {
    const sink = await startSmtpSink()
    const evil = { ...alert, summary: 'x\r\nBcc: c@example.org\r\n\r\nhello' }
    await deliver()(openChannel('mail', { target: { ...target, port: sink.port } }), delivery({ alerts: [evil] }))
    expect(sink.mails[0]?.to).toHaveLength(2)
    expect(sink.mails[0]?.data.split('\n\n')[0]).not.toMatch(/^Bcc:/m)
  })

  it.each<[string, string, string, boolean, RegExp]>([
    ['a refused login', 'AUTH', '535 no', false, /does not accept the user and password \(535\)/],
    ['a refused recipient', 'RCPT', '550 unknown', true, /does not accept the sender or a recipient \(550\)/],
    ['a recipient to try later', 'RCPT', '450 busy', false, /\(450\)/],
    ['a refused message', 'DATA', '554 spam', true, /does not accept the message \(554\)/],
    ['a server that is closed', 'GREETING', '421 closed', false, /421/],
  ])('%s is told as such', async (_what, command, answer, refused, detail) => {
    const sink = await startSmtpSink()
    sink.refusals.set(command, answer)
    const channel = openChannel('mail', { target: { ...target, port: sink.port, user: 'ann', password: 'sesame' } })
    const outcome = await deliver()(channel, delivery())
    expect(outcome).toMatchObject({ ok: false, refused, detail: expect.stringMatching(detail) })
    expect(outcome.detail).not.toContain('sesame')
  })

  it('never goes out in clear where STARTTLS is wanted', async () => {
    const sink = await startSmtpSink()
    const login = { tls: 'starttls', port: sink.port, user: 'ann', password: 'sesame' }
    const outcome = await deliver()(openChannel('mail', { target: { ...target, ...login } }), delivery())
    expect(outcome).toMatchObject({ ok: false, refused: false })
    expect(sink.mails).toEqual([])
  })
})

describe('TLS', () => {
  let made: Certificates
  let certificate: { cert: Buffer; key: Buffer }
  const folder = mkdtempSync(join(tmpdir(), 'etcdscope-tls-'))

  beforeAll(async () => {
    made = await makeCertificates(folder)
    certificate = { cert: await readFile(made.serverCertFile), key: await readFile(made.serverKeyFile) }
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(['starttls', 'implicit'])(
    'of mail, %s: only to a server that is trusted, and encrypted then',
    async (tls) => {
      const sink = await startSmtpSink(certificate, tls === 'implicit')
      const target = {
        kind: 'email',
        host: 'etcd.test',
        from: 'a@b.org',
        to: ['c@d.org'],
        user: 'ann',
        password: 'sesame',
      }
      const channel = openChannel('mail', { target: { ...target, tls, port: sink.port } })
      for (const ca of [null, made.otherCa.toString()]) {
        expect(await deliver(undefined, 2_000, ca)(channel, delivery())).toMatchObject({ ok: false, refused: false })
      }
      expect(sink.mails).toEqual([])
      expect(await deliver(undefined, 2_000, made.ca.toString())(channel, delivery())).toMatchObject({ ok: true })
      expect(sink.mails).toMatchObject([{ encrypted: true, login: ':ann:sesame' }])
    },
  )

  it('of the web: only to a server that is trusted, by the name that was written', async () => {
    const receiver = await startHttpReceiver(certificate)
    const { port } = new URL(receiver.url)
    const to = (host: string) => openChannel('hook', { target: { kind: 'webhook', url: `https://${host}:${port}/` } })
    const told = async (host: string, ca: string | null) =>
      (await deliver(undefined, 2_000, ca)(to(host), delivery())).detail
    expect(await told('etcd.test', null)).toMatch(
      /^etcd\.test cannot be reached: its certificate is of an unknown authority/,
    )
    expect(await told('etcd.test', made.otherCa.toString())).toMatch(/of an unknown authority/)
    expect(await told('another.test', made.ca.toString())).toMatch(/its certificate is of another name/)
    expect(receiver.requests).toEqual([])
    expect(await told('etcd.test', made.ca.toString())).toBe('etcd.test answered 200.')
  })
})

describe('whatever the receiver does', () => {
  const hook = (url: string) => openChannel('hook', { target: { kind: 'webhook', url, secret: 'sesame' } })

  it.each<[string, { status: number; headers?: Record<string, string>; body?: string }, object]>([
    [
      'an error of the server is tried again',
      { status: 503, headers: { 'retry-after': '30' } },
      { refused: false, retryAfterMs: 30_000 },
    ],
    ['too many requests as well', { status: 429 }, { refused: false, retryAfterMs: null }],
    ['credentials may be mended', { status: 401 }, { refused: false }],
    [
      'a message that is wrong stays wrong',
      { status: 400, body: 'bad\nfield' },
      { refused: true, detail: '127.0.0.1 answered 400: bad field.' },
    ],
    [
      'a redirect is not followed',
      { status: 307, headers: { location: 'http://127.0.0.1:1/' } },
      { detail: expect.stringContaining('redirect') },
    ],
    [
      'what echoes the secret does not show it',
      { status: 500, body: 'you sent sesame' },
      { detail: '127.0.0.1 answered 500: you sent ….' },
    ],
    [
      'a long answer is cut',
      { status: 500, body: 'x'.repeat(200_000) },
      { detail: expect.stringMatching(/^.{1,260}$/) },
    ],
  ])('%s', async (_what, answer, told) => {
    const receiver = await startHttpReceiver()
    receiver.answers.push(answer)
    expect(await deliver()(hook(receiver.url), delivery())).toMatchObject({ ok: false, status: answer.status, ...told })
    expect(receiver.requests).toHaveLength(1)
  })

  it('one that never answers is left after the time that it has', async () => {
    const receiver = await startHttpReceiver()
    receiver.answers.push({ hang: true })
    const outcome = await deliver(undefined, 100)(hook(receiver.url), delivery())
    expect(outcome).toMatchObject({ ok: false, detail: '127.0.0.1 did not answer within 0.1 s.' })
  })

  it('one that is not there is named without the rest of its address', async () => {
    const outcome = await deliver()(hook('http://127.0.0.1:9/token-in-the-path'), delivery())
    expect(outcome).toMatchObject({ ok: false, detail: '127.0.0.1 cannot be reached: it refuses the connection.' })
  })

  it.each([
    ['webhook', { kind: 'webhook', url: 'http://inside.test/' }],
    ['alertmanager', { kind: 'alertmanager', url: 'http://localhost:9093' }],
    ['slack', { kind: 'slack', url: 'http://127.0.0.1/x' }],
    ['pagerduty', { kind: 'pagerduty', routingKey: 'k', url: 'http://[::1]/v2/enqueue' }],
    ['email', { kind: 'email', host: 'inside.test', tls: 'none', from: 'a@b.org', to: ['c@d.org'] }],
  ])('%s: a private address is not connected to', async (_kind, target) => {
    const outcome = await deliver({ allowPrivate: false, allow: [] })(openChannel('x', { target }), delivery())
    expect(outcome).toMatchObject({ ok: false, detail: expect.stringContaining('private, local or reserved') })
  })

  it('the name that was checked is the address that is called', async () => {
    const receiver = await startHttpReceiver()
    const port = new URL(receiver.url).port
    const outcome = await deliver({ allowPrivate: false, allow: ['inside.test'] })(
      hook(`http://inside.test:${port}/`),
      delivery(),
    )
    expect(outcome.ok).toBe(true)
    expect(receiver.requests[0]?.headers.host).toBe(`inside.test:${port}`)
  })
})
