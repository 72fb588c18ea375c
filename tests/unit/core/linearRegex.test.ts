import { describe, expect, it } from 'vitest'
import { compileLinearRegex, regexFault } from '../../../lib/core/linearRegex'
import { seededRandom } from '../../support/seededRandom'

describe('a pattern', () => {
  it.each<[string, string, boolean]>([
    ['abc', 'abc', true],
    ['abc', 'xabc', false],
    ['abc', 'abcx', false],
    ['a|b|', '', true],
    ['prod-(eu|us)-\\d+', 'prod-eu-12', true],
    ['prod-(eu|us)-\\d+', 'prod-asia-12', false],
    ['.*', 'any\nthing', true],
    ['^prod$', 'prod', true],
    ['a^b', 'ab', false],
    ['[^a-c]+', 'xyz', true],
    ['[^a-c]+', 'xaz', false],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['[\\w.-]+', 'node-1.example', true],
    ['a{2,3}', 'a', false],
    ['a{2,3}', 'aaa', true],
    ['a{2,3}', 'aaaa', false],
    ['a{2,}', 'aaaaa', true],
    ['(?i)Prod', 'pROD', true],
    ['(?:a|b)+?c', 'ababc', true],
    ['(?P<zone>eu)-1', 'eu-1', true],
    ['ü.ö', 'ü😀ö', true],
    ['1\\.2', '1x2', false],
    ['(a*)*b', 'aab', true],
  ])('%s over %j: %s', (pattern, text, matches) => {
    expect(compileLinearRegex(pattern).matches(text)).toBe(matches)
  })

  it.each([
    ['(a', 'not closed'],
    ['a)', 'closes nothing'],
    ['[a', 'not closed'],
    ['*a', 'repeats nothing'],
    ['a**', 'repeated'],
    ['a{3,2}', 'ends before'],
    ['a{1001}', '1000 times'],
    ['(a{100}){100}', 'too large'],
    ['((((){1000}){1000}){1000}){1000}', 'too large'],
    ['(?=a)', 'look-around'],
    ['(?!a)', 'look-around'],
    ['(a)\\1', 'not supported'],
    ['\\bword', 'not supported'],
    ['[[:alpha:]]', 'not supported'],
    ['a\\', 'ends with'],
    ['('.repeat(100), 'too deep'],
  ])('%s is refused with its reason', (pattern, reason) => {
    expect(regexFault(pattern)).toContain(reason)
  })

  it('agrees with the language’s own engine on random patterns and texts', () => {
    const random = seededRandom(11)
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T
    const part = (depth: number): string => {
      const atom =
        depth > 2 ? pick(['a', 'b', '.', '[ab]', '[^a]']) : pick(['a', 'b', '.', '\\w', `(${part(depth + 1)})`])
      const repeated = atom + pick(['', '', '*', '+', '?', '{1,2}'])
      return random() < 0.5 && depth < 4 ? `${repeated}${pick(['', '|'])}${part(depth + 1)}` : repeated
    }
    for (let i = 0; i < 2_000; i++) {
      const pattern = part(0)
      const text = Array.from({ length: Math.floor(random() * 7) }, () => pick(['a', 'b', 'c'])).join('')
      const told = compileLinearRegex(pattern).matches(text)
      expect({ pattern, text, told }).toEqual({ pattern, text, told: new RegExp(`^(?:${pattern})$`, 's').test(text) })
    }
  })

  it.each(['(a+)+', '(a|a)*', '(a*)*', '(.*a){20}', 'a?'.repeat(30) + 'a'.repeat(30)])(
    'of the catastrophic kind, %s, takes linear time',
    (pattern) => {
      const regex = compileLinearRegex(pattern)
      const startedMs = performance.now()
      regex.matches(`${'a'.repeat(2_000)}!`)
      // A backtracking engine would not end within the life of the universe.
      expect(performance.now() - startedMs).toBeLessThan(5_000)
    },
  )
})
