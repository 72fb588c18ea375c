import { health } from '../../../../lib/query/health'
import { routeOf } from '../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('health', health)
