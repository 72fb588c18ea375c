import { about } from '../../../../lib/query/about'
import { scopeOf } from '../../../../lib/query/serving'
import { jsonAnswer } from '../../_http/answers'
import { rawRouteOf } from '../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = rawRouteOf('about', async (provided, _input, request) =>
  jsonAnswer(await about(scopeOf(provided, request.signal), provided)),
)
