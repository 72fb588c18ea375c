import { describe, expect, it } from 'vitest'
import {
  ageOptions,
  ageWords,
  choiceOf,
  limitOf,
  previewSentence,
  retentionSentence,
  samePolicy,
  sizeOptions,
  suggested,
  wholeSince,
} from '../../../app/(screens)/c/[cluster]/settings/prepareRetention'
import { keepAll, type RetentionAnswer, retentionPolicy } from '../../../lib/contract'

const dayMs = 86_400_000
const answer = (given: Partial<RetentionAnswer> = {}): RetentionAnswer => ({
  policy: keepAll,
  source: 'default',
  setAt: null,
  archived: false,
  classes: [],
  horizons: [],
  databaseBytes: 30 * 2 ** 20,
  usedBytes: 20 * 2 ** 20,
  lastRun: null,
  ...given,
})

describe('the settings of retention', () => {
  it.each([
    [keepAll, 'Everything is kept; the database uses 20 MiB'],
    [suggested, 'Kept: heartbeats 7 days, events 30 days, status 90 days, the rest for ever; the database uses 20 MiB'],
    [{ ...keepAll, maxDatabaseBytes: 2 ** 30 }, 'Everything fits a size; the database uses 20 MiB'],
  ])('say in one sentence what is kept', (policy, sentence) => {
    expect(retentionSentence(answer({ policy }))).toEqual({ tone: 'ok', sentence })
  })

  it('say before all that something could not be done', () => {
    const time = '2026-01-01T00:00:00.000Z'
    const counts = { removedChanges: 0, removedKeys: 0, freedBytes: 0 }
    const lastRun = { startedAt: time, endedAt: time, ...counts, problem: 'why' }
    expect(retentionSentence(answer({ policy: suggested, lastRun })).tone).toBe('warn')
  })

  it('offer what is set, also when nobody would offer it', () => {
    expect(ageOptions(7 * dayMs)).toEqual(ageOptions(null))
    expect(ageOptions(5 * dayMs)[0]).toEqual({ value: String(5 * dayMs), label: '5 days' })
    expect(ageWords(90_000_000)).toBe('25 hours')
    expect(sizeOptions(3 * 2 ** 30)[0]?.label).toBe('3 GiB')
  })

  it('offer only what the server takes', () => {
    for (const { value } of ageOptions(null)) {
      const set = { ...keepAll, statusMs: limitOf(value) }
      expect(retentionPolicy.safeParse(set).success).toBe(true)
      expect(choiceOf(set.statusMs)).toBe(value)
    }
    for (const { value } of sizeOptions(null)) {
      expect(retentionPolicy.safeParse({ ...keepAll, maxDatabaseBytes: limitOf(value) }).success).toBe(true)
    }
    expect(retentionPolicy.safeParse(suggested).success).toBe(true)
    expect(samePolicy(suggested, { ...suggested })).toBe(true)
    expect(samePolicy(suggested, { ...suggested, maxDatabaseBytes: 2 ** 30 })).toBe(false)
  })

  it.each([
    [0, 0, 'Nothing that is recorded now would go.'],
    [1, 200, '1 change, about 200 B, would go.'],
    [312_000, 25_270_682, '312,000 changes, about 24.1 MiB, would go.'],
  ])('tell what a policy would free: %i changes', (changes, bytes, sentence) => {
    expect(previewSentence({ classes: [], changes, bytes, note: null })).toBe(sentence)
  })

  it('tell from when on a class is whole by its newest horizon', () => {
    const horizon = (epoch: number, at: string) => ({ epoch, class: 'status' as const, revision: '9', at })
    const horizons = [horizon(1, '2026-01-01T00:00:00.000Z'), horizon(2, '2026-02-01T00:00:00.000Z')]
    expect(wholeSince(horizons, 'status')).toBe('2026-02-01T00:00:00.000Z')
    expect(wholeSince(horizons, 'events')).toBeNull()
  })
})
