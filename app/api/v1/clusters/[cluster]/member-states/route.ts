import { memberStates } from '../../../../../../lib/query/memberStates'
import { routeOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('memberStates', memberStates)
