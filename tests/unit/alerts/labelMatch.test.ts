import { describe, expect, it } from 'vitest'
import { compileMatchers } from '../../../lib/alerts/labelMatch'
import type { LabelMatcher } from '../../../lib/contract'
import { labelMatcher } from '../../../lib/contract'

const labels = { alertname: 'etcdNoLeader', severity: 'critical', member: 'etcd-1' }
const matcher = (name: string, op: LabelMatcher['op'], value: string): LabelMatcher => ({ name, op, value })

describe('label matchers', () => {
  it.each<[string, LabelMatcher[], boolean]>([
    ['none', [], true],
    ['equal', [matcher('member', '=', 'etcd-1')], true],
    ['equal to another', [matcher('member', '=', 'etcd-2')], false],
    ['a missing label is an empty one', [matcher('namespace', '=', '')], true],
    ['a missing label differs from any value', [matcher('namespace', '!=', 'kube-system')], true],
    ['a missing label matches what matches nothing', [matcher('namespace', '=~', '.*')], true],
    ['a name of every object is no label', [matcher('constructor', '=', '')], true],
    ['a regular expression matches the whole value', [matcher('alertname', '=~', 'etcd')], false],
    ['a regular expression over the whole value', [matcher('alertname', '=~', 'etcd.+')], true],
    ['a regular expression that must not match', [matcher('alertname', '!~', 'etcd.+')], false],
    ['all of them', [matcher('severity', '=', 'critical'), matcher('member', '=~', 'etcd-[12]')], true],
    ['not all of them', [matcher('severity', '=', 'critical'), matcher('member', '=', 'etcd-2')], false],
    ['one that cannot be used matches nothing', [matcher('severity', '!~', '(')], false],
  ])('%s', (_what, matchers, matches) => {
    expect(compileMatchers(matchers)(labels)).toBe(matches)
  })

  it('with a regular expression that cannot be used are refused where they are written', () => {
    const parsed = labelMatcher.safeParse({ name: 'a', op: '=~', value: '(?=x)' })
    expect(parsed.error?.issues[0]).toMatchObject({ path: ['value'], message: expect.stringContaining('look-around') })
    expect(labelMatcher.safeParse({ name: 'a', op: '=', value: '(?=x)' }).success).toBe(true)
  })
})
