import { backtestAlertRule } from '../../../../../lib/alerts/answers/backtestAlertRule'
import { on, routesOf } from '../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({ POST: on('backtestAlertRule', backtestAlertRule) })
