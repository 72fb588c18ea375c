import { readiness } from '../../lib/query/readiness'
import { textAnswer } from '../api/_http/answers'
import { checked } from '../api/_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = checked('readyz', async () => {
  const { ready, text } = await readiness()
  return textAnswer(text, ready ? 200 : 503)
})
