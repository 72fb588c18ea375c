import { outsideWords } from '../../kubernetes/outsideWrite'
import { widened } from '../changeInspection'
import type { ChangedState } from './state'

/** States that are counted from changes of the record. */

export const outsideWrites: ChangedState = {
  kind: 'changes',
  resources: null,
  tally: (_reader, _cluster, windowMs) => ({
    means: ({ summary }) => summary?.startsWith(outsideWords) === true,
    groupOf: () => ({}),
    windowMs,
    zero: true,
  }),
}

const kinds: Readonly<Record<string, string>> = {
  roles: 'Role',
  clusterroles: 'ClusterRole',
  rolebindings: 'RoleBinding',
  clusterrolebindings: 'ClusterRoleBinding',
}

export const rbacWidened: ChangedState = {
  kind: 'changes',
  resources: Object.keys(kinds),
  tally: (reader, cluster, windowMs) => ({
    means: ({ resource, op, significance }) =>
      resource !== null && Object.hasOwn(kinds, resource) && op !== 'delete' && significance === 'spec',
    inspect: widened(reader, cluster),
    groupOf: ({ resource, namespace, name }) => ({
      kind: kinds[resource ?? ''] ?? '',
      ...(namespace === null ? {} : { namespace }),
      name: name ?? '',
    }),
    windowMs,
    zero: false,
  }),
}
