import { describe, expect, it } from 'vitest'
import { ObjectStream } from '../../../lib/apiserver'
import { parseWatchLine } from '../../../lib/apiserver/parseObject'

const pods = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true, shortNames: [] }

function line(type: 'ADDED' | 'MODIFIED' | 'DELETED', revision: number, name = 'web', more = '') {
  const text = `{"type":"${type}","object":{"kind":"Pod","metadata":{"name":"${name}","namespace":"shop","resourceVersion":"${revision}"}${more}}}`
  const parsed = parseWatchLine(text)
  if (parsed.type === 'BOOKMARK' || parsed.type === 'ERROR') throw new Error('no change')
  return parsed
}

const stream = (known: [string, { modRevision: bigint; createRevision: bigint; version: bigint }][] = []) =>
  new ObjectStream(pods, '/registry/pods/', 100n, known)

describe('one resource’s watch', () => {
  it('gives keys as etcd has them and values without the revision', () => {
    expect(stream().take(line('ADDED', 101))).toEqual({
      type: 'put',
      key: Buffer.from('/registry/pods/shop/web'),
      value: Buffer.from('{"kind":"Pod","metadata":{"name":"web","namespace":"shop"}}'),
      modRevision: 101n,
      createRevision: 101n,
      version: 1n,
      leaseId: 0n,
    })
  })

  it('counts versions from a creation that was seen, and from no other', () => {
    const own = stream([['shop/old', { modRevision: 50n, createRevision: 0n, version: 0n }]])
    expect(own.take(line('ADDED', 101))).toMatchObject({ version: 1n, createRevision: 101n })
    expect(own.take(line('MODIFIED', 102))).toMatchObject({ version: 2n, createRevision: 101n })
    expect(own.take(line('MODIFIED', 103, 'old'))).toMatchObject({ version: 0n, createRevision: 0n })
    expect(own.take(line('DELETED', 104))).toMatchObject({ type: 'delete', version: 0n, createRevision: 0n })
    expect(own.take(line('ADDED', 105))).toMatchObject({ version: 1n, createRevision: 105n })
  })

  it('is complete below the newest revision it told, since one revision may take several objects', () => {
    const own = stream()
    own.take(line('DELETED', 110, 'a'))
    expect(own.frontier).toBe(109n)
    own.bookmark(110n)
    expect(own.frontier).toBe(110n)
  })

  it('tells what the server repeats once, and what the first time cut off', () => {
    const own = stream([
      ['shop/a', { modRevision: 90n, createRevision: 90n, version: 1n }],
      ['shop/b', { modRevision: 90n, createRevision: 90n, version: 1n }],
    ])
    expect(own.take(line('DELETED', 110, 'a'))).not.toBeNull()
    // The watch was cut here and begins again at 109.
    expect(own.take(line('DELETED', 110, 'a'))).toBeNull()
    expect(own.take(line('DELETED', 110, 'b'))).not.toBeNull()
  })

  it('leaves out what the record has, as a watch from before its cursor repeats it', () => {
    const own = stream([['shop/web', { modRevision: 120n, createRevision: 101n, version: 3n }]])
    expect(own.take(line('MODIFIED', 120))).toBeNull()
    expect(own.take(line('MODIFIED', 121))).toMatchObject({ version: 4n })
  })
})
