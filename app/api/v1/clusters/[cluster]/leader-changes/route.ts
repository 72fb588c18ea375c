import { leaderChanges } from '../../../../../../lib/query/leaderChanges'
import { routeOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('leaderChanges', leaderChanges)
