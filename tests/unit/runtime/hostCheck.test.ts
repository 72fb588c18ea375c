import { describe, expect, it } from 'vitest'
import { createHostCheck } from '../../../lib/runtime/hostCheck'

const local = createHostCheck({ host: '127.0.0.1', insecure: false, machineName: 'box' })
const open = createHostCheck({ host: '0.0.0.0', insecure: true, machineName: 'Box' })
const named = createHostCheck({ host: 'scope.internal', insecure: true, machineName: 'box' })

describe('the Host header', () => {
  it.each(['localhost', 'LOCALHOST:4380', 'localhost:8080', '127.0.0.1', '127.0.0.1:4380', '[::1]', '[::1]:4380'])(
    '%s is ours on loopback',
    (host) => expect(local(host)).toBe(true),
  )

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:4380',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example@localhost',
    'localhost:4380:1',
    'localhost:',
    'local host',
    '192.168.1.10:4380',
    '10.0.0.1',
    '[::2]',
    '[localhost]',
    '::1:4380',
    'box',
    '0.0.0.0',
  ])('%s is foreign on loopback', (host) => expect(local(host)).toBe(false))

  it.each(['192.168.1.10:4380', '[2001:db8::1]:4380', 'box', 'BOX:80', 'localhost', '0.0.0.0'])(
    '%s is ours when everybody may read',
    (host) => expect(open(host)).toBe(true),
  )

  it.each(['evil.example', 'box.evil.example', 'scope.internal.evil.example'])('%s is foreign even then', (host) =>
    expect(open(host) || named(host)).toBe(false),
  )

  it('the HOST that was asked for is ours', () => expect(named('scope.internal:80')).toBe(true))
})
