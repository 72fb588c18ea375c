import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseBody } from '../../../app/api/_http/parseBody'

const schema = z.strictObject({
  name: z.string(),
  thresholds: z.array(z.strictObject({ value: z.number() })).default([]),
})

function send(body: string | null) {
  return parseBody(schema, new Request('http://localhost/', { method: 'POST', body }))
}

describe('a body', () => {
  it('is answered as the schema makes it, defaults filled in', async () => {
    expect(await send('{"name":"a"}')).toEqual({ name: 'a', thresholds: [] })
  })

  it.each<[string, string | null, string]>([
    ['none', null, 'body'],
    ['white space', '  ', 'body'],
    ['not JSON', '{"password": hunter2}', 'body'],
    ['nested without end', '['.repeat(100_000), 'body'],
    ['another type', '[]', 'body'],
    ['a field of another type', '{"name":7}', 'name'],
    ['a missing field', '{}', 'name'],
    ['a field far inside', '{"name":"a","thresholds":[{"value":1},{"value":"x"}]}', 'thresholds.1.value'],
    ['an unknown field', '{"name":"a","nmae":"b"}', 'nmae'],
    ['an unknown field far inside', '{"name":"a","thresholds":[{"value":1,"vlaue":2}]}', 'thresholds.0.vlaue'],
    ['more than a mebibyte', JSON.stringify({ name: 'x'.repeat(1024 * 1024) }), 'body'],
  ])('%s is refused, naming what is wrong and quoting nothing', async (_what, body, subject) => {
    const refusal = await send(body).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ name: 'ScopeError', code: 'BAD_REQUEST', subject })
    expect(String(refusal)).not.toContain('hunter2')
  })
})
