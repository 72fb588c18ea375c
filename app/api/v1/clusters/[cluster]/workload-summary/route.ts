import { workloadSummary } from '../../../../../../lib/query/workloads/summary'
import { routeOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('workloadSummary', workloadSummary)
