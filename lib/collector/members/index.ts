export type { MembersView } from './membersView'
export { type MemberWatch, type MemberWatchOptions, startMembers } from './memberWatch'
