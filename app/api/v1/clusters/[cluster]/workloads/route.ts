import { workloads } from '../../../../../../lib/query/workloads/list'
import { routeOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('workloads', workloads)
