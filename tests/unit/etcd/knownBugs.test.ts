import { describe, expect, it } from 'vitest'
import { knownBugs } from '../../../lib/etcd/knownBugs'
import { compareVersions, hasSafeProgress } from '../../../lib/etcd/serverVersion'

describe('the version advisor', () => {
  it.each<[string, string[]]>([
    ['3.4.23', ['3.4.24', '3.4.25', '3.4.31', '3.4.34', '3.4.36', '3.4.38', '3.4.42', '3.5.33']],
    ['3.4.42', ['3.5.33']],
    ['3.5.7', ['3.5.8', '3.5.8', '3.5.13', '3.5.16', '3.5.18', '3.5.22', '3.5.28', '3.5.33']],
    ['3.5.30', ['3.5.33']],
    ['3.5.33', []],
    ['3.6.0', ['3.6.2', '3.6.9', '3.6.14']],
    ['3.6.13', ['3.6.14']],
    ['3.6.14', []],
    ['3.7.0', ['3.7.1']],
    ['3.7.1', []],
    ['3.8.0', []],
    ['3.6.0-alpha.0', ['3.6.2', '3.6.9', '3.6.14']],
    ['', []],
    ['unknown', []],
  ])('%s still has the bugs mended in %j', (version, fixedIn) => {
    expect(knownBugs(version).map((bug) => bug.fixedIn)).toEqual(fixedIn)
  })
})

describe('versions', () => {
  it.each<[string, string, number]>([
    ['3.4.9', '3.4.10', -1],
    ['3.5.0', '3.4.99', 1],
    ['3.5.30', '3.5.30', 0],
    ['v3.5.1', '3.5.1', 0],
  ])('%s against %s: %i', (a, b, order) => expect(compareVersions(a, b)).toBe(order))

  it.each<[string, boolean]>([
    ['3.4.23', false],
    ['3.4.25', true],
    ['3.5.7', false],
    ['3.5.8', true],
    ['3.6.0', true],
    ['3.3.27', false],
    ['', false],
  ])('a progress request to %s is safe: %s', (version, safe) => expect(hasSafeProgress(version)).toBe(safe))
})
