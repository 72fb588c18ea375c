import { describe, expect, it } from 'vitest'
import { compilePolicy } from '../../../../lib/alerts/notify/addressRules'
import { checkedAddresses, pinned } from '../../../../lib/alerts/notify/checkedTarget'

const strict = compilePolicy({ allowPrivate: false, allow: [] })

describe('without a setting, a target', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.1.2.3',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '0:0:0:0:0:ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'not an address',
    '',
  ])('at %j is refused', (address) => {
    expect(strict('host.test', address)).toBe(false)
  })

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.0.1',
    '172.32.0.1',
    '198.17.0.1',
    '223.255.255.255',
    '::ffff:8.8.8.8',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('at %s is let through', (address) => {
    expect(strict('host.test', address)).toBe(true)
  })
})

describe('settings let through', () => {
  it.each<[string, string[], string, string, boolean]>([
    ['a network', ['10.0.0.0/8'], 'host.test', '10.9.8.7', true],
    ['a network in mapped form', ['10.0.0.0/8'], 'host.test', '::ffff:10.9.8.7', true],
    ['no other network', ['10.0.0.0/8'], 'host.test', '192.168.0.1', false],
    ['one address', ['127.0.0.1'], 'host.test', '127.0.0.1', true],
    ['not its neighbour', ['127.0.0.1'], 'host.test', '127.0.0.2', false],
    ['a network of IPv6', ['fd00::/8'], 'host.test', 'fd12::1', true],
    ['a host', ['alerts.internal'], 'ALERTS.internal.', '10.0.0.1', true],
    ['not a host under it', ['alerts.internal'], 'evil.alerts.internal', '10.0.0.1', false],
    ['hosts under a name', ['*.corp.example'], 'am.corp.example', '10.0.0.1', true],
    ['not a host that only ends alike', ['*.corp.example'], 'evilcorp.example', '10.0.0.1', false],
  ])('%s', (_what, allow, host, address, through) => {
    expect(compilePolicy({ allowPrivate: false, allow })(host, address)).toBe(through)
  })

  it('everything, when all private targets are allowed', () => {
    expect(compilePolicy({ allowPrivate: true, allow: [] })('host.test', '127.0.0.1')).toBe(true)
  })
})

describe('a name', () => {
  it('is refused when any of its addresses is', async () => {
    const resolve = async () => [
      { address: '1.1.1.1', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]
    await expect(checkedAddresses('rebind.test', strict, resolve)).rejects.toThrow(
      /^rebind\.test is 127\.0\.0\.1, a private, local or reserved address; the settings alerts\.allowTargets/,
    )
  })

  it('is resolved once, and the connection knows the checked addresses only', async () => {
    let asked = 0
    const resolve = async () => [{ address: asked++ === 0 ? '1.1.1.1' : '127.0.0.1', family: 4 }]
    const lookup = pinned(await checkedAddresses('rebind.test', strict, resolve))
    const answers: unknown[] = []
    lookup('rebind.test', { all: true }, (...answer) => answers.push(answer))
    lookup('rebind.test', { family: 4 }, (...answer) => answers.push(answer))
    lookup('rebind.test', { family: 6 }, (...answer) => answers.push(answer[0]))
    expect(answers).toEqual([
      [null, [{ address: '1.1.1.1', family: 4 }]],
      [null, '1.1.1.1', 4],
      expect.objectContaining({ message: 'no checked address of that family' }),
    ])
    expect(asked).toBe(1)
  })

  it.each(['127.0.0.1', '[::1]'])('that is an address, %s, is checked as it stands', async (host) => {
    const resolve = () => Promise.reject(new Error('must not be asked'))
    await expect(checkedAddresses(host, strict, resolve)).rejects.toThrow(/private, local or reserved/)
  })
})
