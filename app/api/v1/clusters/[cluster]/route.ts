import { cluster } from '../../../../../lib/query/clusters'
import { routeOf } from '../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('cluster', cluster)
