import { CompareScreen } from './CompareScreen'

export default async function ComparePage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <CompareScreen cluster={decodeURIComponent(cluster)} />
}
