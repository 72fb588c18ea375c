export type { MembersView } from './membersView'
export { type MemberWatch, startMembers } from './memberWatch'
