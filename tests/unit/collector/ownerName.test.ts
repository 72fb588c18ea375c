import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { isOwnerGone, ownerName } from '../../../lib/collector/ownerName'

describe('the owner of a lease', () => {
  it('is never the same twice', () => {
    expect(ownerName()).not.toBe(ownerName())
  })

  it('is not gone while its process runs', () => {
    expect(isOwnerGone(ownerName())).toBe(false)
  })

  it('is gone once its process on this machine has ended', () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid
    expect(isOwnerGone(ownerName().replace(`:${process.pid}:`, `:${ended}:`))).toBe(true)
  })

  it.each([
    ['another machine', 'elsewhere/0123abcd:1:00000000'],
    ['an unreadable name', 'somebody'],
  ])('on %s is never called gone', (_, owner) => {
    expect(isOwnerGone(owner, () => false)).toBe(false)
  })
})
