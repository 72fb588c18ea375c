import { ObjectScreen } from './ObjectScreen'

export default async function ObjectPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <ObjectScreen cluster={decodeURIComponent(cluster)} />
}
