import { describe, expect, it } from 'vitest'
import {
  epochLines,
  isHead,
  proofSentence,
  recordSentence,
  type VerifyAnswer,
} from '../../../app/(screens)/c/[cluster]/record/prepareRecord'

const head = 'ab'.repeat(32)
const whole: VerifyAnswer = {
  ok: true,
  checkedChanges: 12_001,
  checkedValues: 11_630,
  firstBad: null,
  chain: { links: 12, head, holdsHead: null },
  coverage: [],
  gaps: 0,
  tookMs: 900,
}
const bad = { epoch: 1, revision: '40', toRevision: '40', key: '/a', reason: 'its value differs' }

describe('the outcome of a check', () => {
  it.each<[string, Partial<VerifyAnswer>, boolean, string, string]>([
    [
      'fits',
      {},
      false,
      'ok',
      'Nothing altered, nothing missing: 12,001 changes and 11,630 values follow from each other',
    ],
    ['holds the head', { chain: { ...whole.chain, holdsHead: true } }, true, 'ok', 'is still in the chain'],
    ['lost the head', { ok: false, chain: { ...whole.chain, holdsHead: false } }, true, 'critical', 'was made anew'],
    ['a row', { ok: false, firstBad: bad }, false, 'critical', 'Revision 40 of epoch 1, /a: its value differs'],
    [
      'a stretch',
      { ok: false, firstBad: { ...bad, toRevision: '50', key: undefined } },
      false,
      'critical',
      'Between revisions 40 and 50 of epoch 1: its value differs',
    ],
  ])('%s', (_, part, asked, tone, words) => {
    const told = proofSentence({ ...whole, ...part }, asked)
    expect(told.tone).toBe(tone)
    expect(told.sentence).toContain(words)
  })

  it('a head has 64 hexadecimal digits', () => {
    expect([head, head.slice(1), `${head.slice(1)}g`, ''].map(isHead)).toEqual([true, false, false, false])
  })
})

describe('what is recorded', () => {
  const gap = {
    epoch: 1,
    fromRevision: '5',
    toRevision: '9',
    reason: 'compacted',
    at: '2026-01-01T00:00:00.000Z',
    from: null,
    to: null,
  }

  it.each([
    [[], [], 'unknown'],
    [[{ epoch: 1, fromRevision: '2', toRevision: '4' }], [], 'ok'],
    [[{ epoch: 1, fromRevision: '2', toRevision: '4' }], [gap], 'warn'],
  ])('%j with gaps %j is %s', (coverage, gaps, tone) => {
    expect(recordSentence({ coverage, gaps }).tone).toBe(tone)
  })

  it('is one line an epoch, newest first, from the first to the last revision as numbers', () => {
    const coverage = [
      { epoch: 1, fromRevision: '2', toRevision: '9' },
      { epoch: 1, fromRevision: '15', toRevision: '100' },
      { epoch: 2, fromRevision: '90', toRevision: '95' },
    ]
    expect(epochLines(coverage)).toEqual([
      { epoch: 2, fromRevision: '90', toRevision: '95' },
      { epoch: 1, fromRevision: '2', toRevision: '100' },
    ])
  })
})
