import { describe, expect, it } from 'vitest'
import { parseJsonPath } from '../../../lib/core/jsonPath'

const every = { every: true }

describe('paths in settings', () => {
  it.each([
    ['data', ['data']],
    ['$.data', ['data']],
    ['$', null],
    ['', null],
    ['spec.users[*].password', ['spec', 'users', every, 'password']],
    ['data.*', ['data', every]],
    ["data['db.url']", ['data', 'db.url']],
    ['data["a b"][0]', ['data', 'a b', 0]],
    ['[2].x', [2, 'x']],
    ['data..x', null],
    ['$..password', null],
    ['data[', null],
    ['data[?(@.x)]', null],
    ['data.', null],
    ['a b', null],
    ['x.'.repeat(40), null],
  ])('%s', (text, steps) => {
    expect(parseJsonPath(text)).toEqual(steps)
  })
})
