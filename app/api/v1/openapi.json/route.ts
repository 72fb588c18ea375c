import { openapiDocument } from '../../../../lib/contract/openapi'
import { routeOf } from '../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('openapi', async (scope) => openapiDocument(scope.version))
