import { ScopeError } from '../../../lib/core/errors'
import { checked } from '../_http/routeOf'

export const dynamic = 'force-dynamic'

/** Whatever no other route answers. */
export const { GET, POST, PUT, PATCH, DELETE } = checked('unknown', async () => {
  throw new ScopeError('NOT_FOUND', 'There is no such path; /api/v1/openapi.json lists those that are.')
})
