import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../../lib/runtime/commandLine'

const imported = {
  command: 'import-snapshot',
  dev: false,
  role: null,
  imported: { file: 'a.db', cluster: 'old' },
}

describe('the command line', () => {
  it.each([
    [[], { command: 'serve', dev: false, role: null }],
    [['serve', '--dev'], { command: 'serve', dev: true, role: null }],
    [['--dev'], { command: 'serve', dev: true, role: null }],
    [['collector'], { command: 'serve', dev: false, role: 'collector' }],
    [['--role=web'], { command: 'serve', dev: false, role: 'web' }],
    [['verify'], { command: 'verify', dev: false, role: null }],
    [['verify', `--head=${'aB'.repeat(32)}`], { command: 'verify', dev: false, role: null, head: 'ab'.repeat(32) }],
    [['serve', '--help'], { command: 'help', dev: false, role: null }],
    [['--version'], { command: 'version', dev: false, role: null }],
    [['import-snapshot', '--help'], { command: 'help', dev: false, role: null }],
    [['import-snapshot', 'a.db', '--cluster', 'old'], imported],
    [['import-snapshot', '--cluster=old', 'a.db'], imported],
    [['import-metrics', '--cluster', 'old', 'a.db'], { ...imported, command: 'import-metrics' }],
  ])('%j', (args, expected) => expect(readCommandLine(args)).toEqual(expected))

  it('a head that is none is refused before anything is read', () => {
    expect(() => readCommandLine(['verify', '--head=12'])).toThrow('--head takes the 64 hex digits')
  })

  it.each([[['sevre']], [['--head=12']], [['serve', 'verify']], [['--role=boss']], [['--port']]])(
    '%j is refused by name',
    (args) => {
      expect(() => readCommandLine(args)).toThrow(`"${args.at(-1)}" is not a command or option`)
    },
  )

  it.each([
    [['import-snapshot']],
    [['import-snapshot', 'a.db']],
    [['import-snapshot', 'a.db', '--cluster']],
    [['import-snapshot', '--cluster', 'old']],
    [['import-snapshot', 'a.db', 'b.db', '--cluster', 'old']],
  ])('%j is told how it goes', (args) => {
    expect(() => readCommandLine(args)).toThrow('import-snapshot FILE --cluster NAME')
  })
})
