import { WorkloadScreen } from '../../../workload/WorkloadScreen'

interface WorkloadPageProps {
  readonly params: Promise<{ cluster: string; kind: string; namespace: string; name: string }>
}

export default async function WorkloadPage({ params }: WorkloadPageProps) {
  const { cluster, kind, namespace, name } = await params
  const where = decodeURIComponent(namespace)
  return (
    <WorkloadScreen
      cluster={decodeURIComponent(cluster)}
      which={{
        kind: decodeURIComponent(kind),
        namespace: where === '-' ? null : where,
        name: decodeURIComponent(name),
      }}
    />
  )
}
