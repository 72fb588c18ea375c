'use client'

import { useSharedSearch } from '../_client/useUrlState'
import { workloadHref } from '../_client/workloadHref'
import { useFoundWorkloads } from '../_client/workloadQueries'
import { LinkButton } from './Button'

/** From a key to its page as a workload, where it is one: a Pod that nothing owns is, one of a Deployment is not. */
export function WorkloadLink({ cluster, objectKey }: { cluster: string; objectKey: string | undefined }) {
  const shared = useSharedSearch()
  // A workload's key ends with its name.
  const name = objectKey?.split('/').at(-1) ?? ''
  const found = useFoundWorkloads(cluster, { q: name, limit: 1000 }, name !== '')
  const item = found.data?.items.find((one) => one.key === objectKey)
  if (item === undefined) return null
  return (
    <LinkButton icon="workloads" href={workloadHref(cluster, item, shared)}>
      Workload
    </LinkButton>
  )
}
