import { describe, expect, it } from 'vitest'
import { verdictOf } from '../../../app/(screens)/c/[cluster]/alerts/channels/ChannelsScreen'
import {
  sentWords,
  stateOf,
  troubleWords,
  wantedWords,
} from '../../../app/(screens)/c/[cluster]/alerts/channels/channelColumns'
import {
  bodyOf,
  draftOf,
  newChannel,
  spanMs,
  spanText,
  targetWords,
} from '../../../app/(screens)/c/[cluster]/alerts/channels/channelDraft'
import { wrongAt } from '../../../app/(screens)/c/[cluster]/alerts/FormParts'
import { heldWords, timeWords } from '../../../app/(screens)/c/[cluster]/alerts/silences/silenceColumns'
import {
  bodyOf as bodyOfSilence,
  draftOf as draftOfSilence,
  labelsOfParam,
  matcherWords,
  newSilence,
} from '../../../app/(screens)/c/[cluster]/alerts/silences/silenceDraft'
import { type Channel, channelInput, type Silence, silenceInput } from '../../../lib/contract'

const nowMs = Date.parse('2026-11-28T12:00:00.000Z')

function channel(given: Partial<Channel> = {}, health: Partial<Channel['health']> = {}): Channel {
  return {
    ...channelInput.parse({ name: 'ops', target: { kind: 'webhook', url: 'https://a.example/hook' } }),
    id: 'channel-1',
    source: 'database',
    readOnly: false,
    secretSet: true,
    health: {
      state: 'ok',
      lastSentAt: '2026-11-28T11:59:00.000Z',
      lastErrorAt: null,
      lastError: null,
      waiting: 0,
      failed: 0,
      nextTryAt: null,
      ...health,
    },
    createdAt: '2026-11-28T11:00:00.000Z',
    updatedAt: '2026-11-28T11:00:00.000Z',
    ...given,
  }
}

describe('the form of a channel', () => {
  it('sends back what it was shown as the same channel, without the secrets that it never knew', () => {
    const shown = channel({
      target: { kind: 'email', host: 'm.example', port: 25, tls: 'none', from: 'a@b.org', to: ['c@d.org', 'e@f.org'] },
      quietHours: [{ days: [1], from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', exceptCritical: false }],
      matchers: [{ name: 'member', op: '=~', value: 'etcd-.*' }],
      template: { title: '{{ rule }}' },
    })
    const { id, source, readOnly, secretSet, health, createdAt, updatedAt, ...input } = shown
    expect(channelInput.parse(bodyOf(draftOf(shown)))).toEqual(input)
  })

  it('leaves out empty fields and lines, and those of other kinds', () => {
    const target = { url: 'https://a.example', secret: '', host: 'm.example' }
    expect(bodyOf({ ...newChannel, target, matchers: [{ name: '', op: '=', value: '' }] })).toMatchObject({
      target: { kind: 'webhook', url: 'https://a.example' },
      matchers: [],
      template: {},
      groupIntervalMs: 300_000,
      repeatIntervalMs: 14_400_000,
    })
  })

  it('sends what it cannot read, for the server to name the field', () => {
    const parsed = channelInput.safeParse(
      bodyOf({ ...newChannel, name: 'x', target: { url: 'https://a.example' }, groupWait: 'soon' }),
    )
    expect(parsed.error?.issues[0]?.path).toEqual(['groupWaitMs'])
  })

  it.each<[string, number | null]>([
    ['0 s', 0],
    ['30s', 30_000],
    ['5 min', 300_000],
    ['5m', 300_000],
    ['4 h', 14_400_000],
    ['2 d', 172_800_000],
    ['5', null],
    ['soon', null],
  ])('%s is %s milliseconds', (text, ms) => {
    expect(spanMs(text)).toBe(ms)
  })

  it.each([0, 1_000, 90_000, 300_000, 14_400_000, 172_800_000])(
    '%s ms are written so that they read the same',
    (ms) => {
      expect(spanMs(spanText(ms))).toBe(ms)
    },
  )

  it('shows a refusal at its field and the parts of it', () => {
    const problem = { parameter: 'target.url', detail: 'no' }
    expect(['target.url', 'target', 'name', 'target.u'].map((field) => wrongAt(problem, field))).toEqual([
      'no',
      'no',
      null,
      null,
    ])
  })
})

describe('a channel in the list', () => {
  it.each<[string, Channel, string, string]>([
    ['reached', channel(), 'Reached', ''],
    ['not used', channel({}, { state: 'unknown', lastSentAt: null }), 'Not used yet', ''],
    ['off', channel({ enabled: false }, { state: 'failing' }), 'Off', ''],
    [
      'failing',
      channel(
        {},
        {
          state: 'failing',
          lastError: 'a.example refuses.',
          waiting: 2,
          failed: 1,
          nextTryAt: '2026-11-28T12:00:09.000Z',
        },
      ),
      'Failing',
      'a.example refuses, 2 messages wait, next try in 9 s, 1 message given up',
    ],
  ])('%s', (_what, one, word, trouble) => {
    expect(stateOf(one).word).toBe(word)
    if (one.enabled) expect(troubleWords(one, nowMs)).toBe(trouble)
  })

  it('says what it is told and where it goes', () => {
    expect(wantedWords(channel())).toBe('warning and up')
    expect(wantedWords(channel({ minSeverity: 'critical', quietHours: [newHoursOf()] }))).toBe(
      'critical only, quiet hours',
    )
    expect(targetWords(channel())).toBe('https://a.example/hook')
    expect(targetWords(channel({ target: { kind: 'email', to: ['a@b.org', 'c@d.org'] } }))).toBe('a@b.org, c@d.org')
    expect(sentWords(channel({}, { lastSentAt: null }), nowMs)).toBe('nothing sent yet')
  })

  it('is named in the sentence over all when it cannot be reached', () => {
    expect(verdictOf([])).toMatchObject({ tone: 'warn', sentence: 'Nobody is told of alerts' })
    expect(verdictOf([channel()])).toMatchObject({ tone: 'ok', sentence: '1 channel is told of alerts', reasons: '' })
    const failing = channel({}, { state: 'failing', lastError: 'a.example refuses.', waiting: 1 })
    expect(verdictOf([channel(), failing])).toMatchObject({
      tone: 'critical',
      sentence: '1 channel cannot be reached',
      reasons: 'ops: a.example refuses. 1 message waits. ',
    })
  })
})

function newHoursOf() {
  return { days: [], from: '22:00', to: '07:00', timeZone: 'UTC', exceptCritical: true }
}

describe('a silence', () => {
  const silence: Silence = {
    id: 's',
    matchers: [{ name: 'member', op: '=~', value: 'etcd-[12]' }],
    author: 'ann',
    reason: 'repair',
    startsAt: '2026-11-28T11:00:00.000Z',
    endsAt: '2026-11-28T13:00:30.000Z',
    createdAt: '2026-11-28T11:00:00.000Z',
    updatedAt: '2026-11-28T11:00:00.000Z',
    state: 'active',
    matched: 2,
  }

  it('that is edited keeps its times to the second, whatever the time zone', () => {
    expect(silenceInput.parse(bodyOfSilence(draftOfSilence(silence)))).toEqual({
      matchers: silence.matchers,
      author: 'ann',
      reason: 'repair',
      startsAt: silence.startsAt,
      endsAt: silence.endsAt,
    })
  })

  it('of an alert takes its labels, except those that say nothing', () => {
    const draft = newSilence({ alertname: 'etcdNoLeader', member: 'etcd-1', member_id: 'abc', zone: '' })
    expect(matcherWords(draft.matchers)).toBe('alertname="etcdNoLeader" member="etcd-1"')
    expect(bodyOfSilence(draft)).toMatchObject({ endsAt: '+1h' })
    expect(bodyOfSilence(draft)).not.toHaveProperty('startsAt')
  })

  it.each([
    ['{"a":"b","c":1}', { a: 'b' }],
    ['[1]', {}],
    ['null', {}],
    ['{', {}],
  ])('labels out of the address %s', (text, labels) => {
    expect(labelsOfParam(text)).toEqual(labels)
  })

  it('says how long and how many', () => {
    expect(timeWords(silence, nowMs)).toBe('1 h left')
    expect(timeWords({ ...silence, state: 'expired' }, nowMs)).toBe('')
    expect(heldWords(0)).toBe('nothing at the moment')
    expect(heldWords(1)).toBe('1 alert now')
  })
})
