import { ledger } from '../../../../../../lib/query/ledger'
import { routeOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('ledger', ledger)
