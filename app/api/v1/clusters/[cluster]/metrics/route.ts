import { metrics } from '../../../../../../lib/query/metrics'
import { routeOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('metrics', metrics)
