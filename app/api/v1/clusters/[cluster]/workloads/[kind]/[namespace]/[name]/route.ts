import { workload } from '../../../../../../../../../lib/query/workloads/detail'
import { routeOf } from '../../../../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('workload', workload)
