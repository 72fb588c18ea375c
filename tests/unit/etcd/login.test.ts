import { describe, expect, it } from 'vitest'
import { createLogin } from '../../../lib/etcd/login'

describe('the token of a connection', () => {
  it('is fetched once for calls that come together', async () => {
    let logins = 0
    const login = createLogin(async () => `token ${++logins}`)
    expect(await Promise.all([login.token(), login.token()])).toEqual(['token 1', 'token 1'])
  })

  it('is fetched once more when many calls were refused with the same one', async () => {
    let logins = 0
    const login = createLogin(async () => `token ${++logins}`)
    const old = await login.token()
    login.drop(old)
    const renewed = await login.token()
    login.drop(old)
    expect([renewed, await login.token()]).toEqual(['token 2', 'token 2'])
  })

  it('is asked for again after a login that failed', async () => {
    let logins = 0
    const login = createLogin(async () => {
      if (++logins === 1) throw new Error('refused')
      return 'token'
    })
    await expect(login.token()).rejects.toThrow('refused')
    expect(await login.token()).toBe('token')
  })

  it('is null where there is no user', async () => {
    expect(await createLogin(null).token()).toBeNull()
  })
})
