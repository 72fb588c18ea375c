import { MembersScreen } from './MembersScreen'

export default async function MembersPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <MembersScreen cluster={decodeURIComponent(cluster)} />
}
