import { IncidentScreen } from '../IncidentScreen'

export default async function IncidentPage({ params }: { params: Promise<{ cluster: string; term: string }> }) {
  const { cluster, term } = await params
  return <IncidentScreen cluster={decodeURIComponent(cluster)} term={decodeURIComponent(term)} />
}
