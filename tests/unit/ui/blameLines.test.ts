import { describe, expect, it } from 'vitest'
import { type BlameLine, prepareBlame } from '../../../app/(screens)/c/[cluster]/history/object/prepareBlame'

const line = (text: string, revision: number | null, afterGap = false): BlameLine => ({
  text,
  path: null,
  revision: revision === null ? null : String(revision),
  at: revision === null ? null : new Date(revision * 1000).toISOString(),
  manager: null,
  afterGap,
})
const object = [
  line('apiVersion: v1', 1),
  line('metadata:', 1),
  line('  name: web', 1),
  line('  resourceVersion: "9"', 9),
  line('  managedFields:', 1),
  line('    - manager: kubectl', 5),
  line('spec:', 1),
  line('  replicas: 3', 5),
  line('  image: app', null),
  line('status:', 1),
  line('  ready: 3', 9),
]
const none: ReadonlySet<string> = new Set()
const shown = (lines: readonly BlameLine[], foldUnimportant: boolean, opened = none) =>
  prepareBlame({ lines, language: 'yaml' }, { foldUnimportant, opened }).map((item) =>
    item.kind === 'fold' ? `[${item.name} ${item.lines}]` : `${item.number}${item.first ? '*' : ''}`,
  )

describe('blame on the screen', () => {
  it('names a version once at the head of each run of its lines', () => {
    expect(shown(object, false)).toEqual(['1*', '2', '3', '4*', '5*', '6*', '7*', '8*', '9*', '10*', '11*'])
  })
  it('folds what differs with every write, and a run begins anew after a fold', () => {
    const folded = ['1*', '2', '3', '[resourceVersion 1]', '[managedFields 2]', '7*', '8*', '9*', '[status 2]']
    expect(shown(object, true)).toEqual(folded)
    expect(shown(object, true, new Set(['fold-4']))).toEqual([...folded.slice(0, 4), '5*', '6*', ...folded.slice(5)])
  })
  it('tells a version after a gap from the same one without', () => {
    expect(shown([line('a', 1), line('b', 1, true), line('c', 1, true)], false)).toEqual(['1*', '2*', '3'])
  })
  it('gives each version its age among those of the value', () => {
    const ages = prepareBlame({ lines: object, language: 'yaml' }, { foldUnimportant: false, opened: none }).map(
      (item) => (item.kind === 'line' ? item.age : null),
    )
    expect(ages).toEqual([0, 0, 0, 3, 0, 1, 0, 1, 0, 0, 3])
    const one = prepareBlame({ lines: [line('a', 4)], language: 'text' }, { foldUnimportant: true, opened: none })
    expect(one).toMatchObject([{ age: 0, first: true }])
  })
})
