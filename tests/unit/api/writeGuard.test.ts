import { describe, expect, it } from 'vitest'
import { checkWrite } from '../../../app/api/_http/writeGuard'

const host = 'localhost:3000'
const json = 'application/json'

const passes = (method: string, headers: Record<string, string>) => {
  try {
    checkWrite(method, new Headers(headers))
    return true
  } catch {
    return false
  }
}

describe('a request that changes something', () => {
  it.each<[string, Record<string, string>]>([
    ['a script', { host, 'content-type': json }],
    ['a script without a body', { host }],
    ['our own page', { host, origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin', 'content-type': json }],
    ['our own page behind TLS', { host: 'scope.example', origin: 'https://scope.example', 'content-type': json }],
    ['JSON with its character set', { host, 'content-type': 'application/json; charset=utf-8' }],
    ['names in another case', { host, origin: 'http://LOCALHOST:3000' }],
  ])('is taken from %s', (_who, headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect(passes(method, headers)).toBe(true)
  })

  it.each<[string, Record<string, string>]>([
    ['a page of another site', { host, origin: 'https://evil.example', 'content-type': json }],
    ['a page on another port', { host, origin: 'http://localhost:3001', 'content-type': json }],
    ['a page without an origin', { host, origin: 'null', 'content-type': json }],
    ['a page of a name that begins alike', { host, origin: 'http://localhost:3000.evil.example' }],
    ['a form of a sibling site', { host, 'sec-fetch-site': 'same-site' }],
    ['a link of another site', { host, 'sec-fetch-site': 'cross-site' }],
    ['nobody who names the host', { origin: 'http://localhost:3000' }],
    ['a form', { host, 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form that hides JSON as text', { host, 'content-type': 'text/plain' }],
    ['a type that only begins alike', { host, 'content-type': 'application/jsonp' }],
  ])('is refused from %s', (_who, headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect(passes(method, headers)).toBe(false)
  })

  it('leaves reading alone, which changes nothing', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      expect(passes(method, { host, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).toBe(true)
  })
})
