import { kinds } from '../../../../../../lib/query/kinds'
import { routeOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('kinds', kinds)
