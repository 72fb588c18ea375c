import type { AnswerOf, InputOf } from '../contract'
import type { ClusterRow } from '../store/store'
import { clusterOf, type Scope } from './scope'

/** The kinds that the cluster's apiserver serves; none where no apiserver is known. */
export async function kinds(scope: Scope, input: InputOf<'kinds'>): Promise<AnswerOf<'kinds'>> {
  const rows = await scope.reader.apiResources(await clusterOf(scope, input.cluster))
  return { items: rows.map(({ shortNames, ...row }) => ({ ...row, shortNames: [...shortNames] })), nextCursor: null }
}

/** The kinds of custom resources by resource: their keys hold only the plural. */
export async function kindNames(
  scope: Pick<Scope, 'reader'>,
  cluster: ClusterRow,
): Promise<ReadonlyMap<string, string>> {
  const rows = await scope.reader.apiResources(cluster)
  return new Map(rows.filter(({ resource }) => resource.includes('.')).map(({ resource, kind }) => [resource, kind]))
}
