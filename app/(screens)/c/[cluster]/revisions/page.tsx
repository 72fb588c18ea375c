import { RevisionsScreen } from './RevisionsScreen'

export default async function RevisionsPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <RevisionsScreen cluster={decodeURIComponent(cluster)} />
}
