import { WorkloadsScreen } from './WorkloadsScreen'

export default async function WorkloadsPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <WorkloadsScreen cluster={decodeURIComponent(cluster)} />
}
