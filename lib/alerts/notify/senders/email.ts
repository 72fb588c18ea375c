import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import nodemailer from 'nodemailer'
import { checkedAddresses, pinned, TargetRefusal } from '../checkedTarget'
import { messageText } from '../messageText'
import type { Sender } from '../openChannel'
import { trusting } from '../postJson'
import { connectionFault, notSent, type SendOutcome, sent } from '../sendOutcome'

/**
 * SMTP to a checked and pinned address. The Message-ID is made of the notification's key, so that a mail which is sent
 * twice is known as one; mails of a group are one thread.
 */
export const sendEmail: Sender<'email'> = async (channel, delivery, network) => {
  const { host, port, tls, from, to, user, password } = channel.target
  const { title, parts, leftOut } = messageText(channel, delivery)
  const deadline = AbortSignal.timeout(network.timeoutMs)
  const overdue = new Promise<never>((_resolve, reject) => {
    deadline.addEventListener('abort', () => reject(deadline.reason), { once: true })
  })
  overdue.catch(() => {})
  let close = () => {}
  try {
    const addresses = await Promise.race([checkedAddresses(host, network.check, network.resolve), overdue])
    const socket = connect({ host, port, lookup: pinned(addresses) })
    close = () => void socket.destroy()
    await Promise.race([
      overdue,
      new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject)),
    ])
    socket.removeAllListeners('error')
    socket.on('error', () => {}) // the transport hears of it too; without a listener it would end the process
    const transport = nodemailer.createTransport({
      host,
      port,
      connection: socket,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { servername: host, ...trusting(network.ca) },
      name: 'etcdscope',
      disableFileAccess: true,
      disableUrlAccess: true,
      greetingTimeout: network.timeoutMs,
      socketTimeout: network.timeoutMs,
      ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    })
    close = () => {
      transport.close()
      socket.destroy()
    }
    const thread = `<${createHash('sha256').update(delivery.notification.groupKey).digest('hex').slice(0, 32)}@etcdscope>`
    const info = await Promise.race([
      overdue,
      transport.sendMail({
        from,
        to,
        subject: title,
        messageId: `<${delivery.key}@etcdscope>`,
        references: thread,
        inReplyTo: thread,
        headers: { 'X-Etcdscope-Key': delivery.key, 'Auto-Submitted': 'auto-generated' },
        text: [...parts, ...(leftOut === 0 ? [] : [`and ${leftOut} more`])].join('\n\n'),
      }),
    ])
    const code = Number.parseInt(info.response, 10)
    const rejected = info.rejected.length
    return sent(
      code,
      rejected === 0 ? `${host} took the mail.` : `${host} took the mail, but not for ${rejected} of ${to.length}.`,
    )
  } catch (error) {
    if (error instanceof TargetRefusal) return notSent(error.message)
    if (deadline.aborted) return notSent(`${host} did not answer within ${network.timeoutMs / 1_000} s.`)
    return failureOf(error, host)
  } finally {
    close()
  }
}

const commands: Readonly<Record<string, string>> = {
  EAUTH: 'it does not accept the user and password',
  ETLS: 'it does not offer STARTTLS, or its certificate is not trusted',
  EENVELOPE: 'it does not accept the sender or a recipient',
  EMESSAGE: 'it does not accept the message',
}

function failureOf(error: unknown, host: string): SendOutcome {
  const code = textOf(error, 'code')
  const status = numberOf(error, 'responseCode')
  const reason = commands[code] ?? (status === null ? connectionFault(error) : 'it broke the exchange off')
  // 5xx about this mail is final; 5xx about who we are may be mended.
  const refused = status !== null && status >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE')
  return notSent(`${host} did not take the mail: ${reason}${status === null ? '' : ` (${status})`}.`, {
    ...(status === null ? {} : { status }),
    refused,
  })
}

function textOf(error: unknown, name: string): string {
  return error instanceof Error && name in error ? String(Reflect.get(error, name)) : ''
}

function numberOf(error: unknown, name: string): number | null {
  const value = error instanceof Error && name in error ? Reflect.get(error, name) : null
  return typeof value === 'number' ? value : null
}
