import { badSetting } from './badSetting'

export const defaultHost = '127.0.0.1'
export const defaultPort = 4380

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/i

/**
 * Until there is sign-in, everybody who reaches the port reads the record: other addresses than loopback are refused
 * unless that is wanted in so many words.
 */
export function checkHost(subject: string, written: string, insecure: boolean): string {
  const host = written.replace(/^\[(.*)\]$/, '$1')
  if (!/^[A-Za-z0-9._:%-]{1,253}$/.test(host)) throw badSetting(subject, `${subject} is not a host name or address.`)
  if (insecure || loopback.test(host)) return host
  throw badSetting(
    subject,
    `${subject} is ${host}, which others can reach, and there is no sign-in yet: use 127.0.0.1, or set ETCDSCOPE_INSECURE=1 to let everybody read.`,
  )
}

export function checkPort(subject: string, written: string): number {
  const port = /^\d{1,5}$/.test(written) ? Number(written) : -1
  if (port < 0 || port > 65_535)
    throw badSetting(subject, `${subject} must be a number from 0 to 65535, not "${written}".`)
  return port
}
