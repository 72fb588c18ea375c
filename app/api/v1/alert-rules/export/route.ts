import { alertRuleFile } from '../../../../../lib/alerts/answers/backtestAlertRule'
import { scopeOf } from '../../../../../lib/query/serving'
import { rawRouteOf } from '../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = rawRouteOf('alertRuleFile', async (serving, _input, request) => {
  return new Response(await alertRuleFile(scopeOf(serving, request.signal)), {
    headers: {
      'content-type': 'application/yaml; charset=utf-8',
      'content-disposition': 'attachment; filename="etcdscope-rules.yml"',
      'cache-control': 'no-store',
    },
  })
})
