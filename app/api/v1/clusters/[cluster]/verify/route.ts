import { verify } from '../../../../../../lib/query/verify'
import { routeOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('verify', verify)
