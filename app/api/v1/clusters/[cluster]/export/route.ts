import { exportKeys } from '../../../../../../lib/query/export'
import { scopeOf } from '../../../../../../lib/query/serving'
import { pieceStream } from '../../../../_http/pieceStream'
import { rawRouteOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE } = rawRouteOf('export', async (serving, input, request) => {
  const { fileName, mediaType, pieces } = await exportKeys(scopeOf(serving, request.signal), input)
  return new Response(pieceStream(pieces), {
    headers: {
      'content-type': mediaType,
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
    },
  })
})
