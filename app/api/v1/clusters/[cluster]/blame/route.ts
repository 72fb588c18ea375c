import { blame } from '../../../../../../lib/query/blame'
import { routeOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('blame', blame)
