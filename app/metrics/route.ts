import { exposition } from '../../lib/query/exposition'
import { scopeOf } from '../../lib/query/serving'
import { textAnswer } from '../api/_http/answers'
import { rawRouteOf } from '../api/_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = rawRouteOf('exposition', async (serving, _input, request) => {
  const text = await exposition(scopeOf(serving, request.signal), serving)
  return textAnswer(text, 200, 'text/plain; version=0.0.4; charset=utf-8')
})
