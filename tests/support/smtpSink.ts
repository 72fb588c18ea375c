import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'

/** A mail server on loopback that takes every mail and keeps it. Only what RFC 5321 needs for one. */
export interface SmtpSink {
  readonly port: number
  readonly mails: { from: string; to: string[]; data: string; login: string | null; encrypted: boolean }[]
  /** Answers in place of 250, by command: `RCPT`, `DATA`, `AUTH`, `GREETING`. */
  readonly refusals: Map<string, string>
}

/** With a certificate it offers STARTTLS, or speaks TLS from the start. */
export async function startSmtpSink(certificate?: { cert: Buffer; key: Buffer }, implicit = false): Promise<SmtpSink> {
  const mails: SmtpSink['mails'] = []
  const refusals: SmtpSink['refusals'] = new Map()
  const sockets = new Set<Socket>()

  const serve = (socket: Socket, encrypted: boolean) => {
    let mail = { from: '', to: [] as string[] }
    let login: string | null = null
    let data: string | null = null
    let rest = ''
    const say = (line: string) => void socket.write(`${line}\r\n`)
    const answer = (line: string) => {
      if (data !== null) {
        if (line !== '.') {
          data += `${line}\n`
          return
        }
        mails.push({ ...mail, data, login, encrypted })
        data = null
        mail = { from: '', to: [] }
        return say(refusals.get('DATA') ?? '250 taken')
      }
      const [word = ''] = line.toUpperCase().split(' ')
      const refusal = refusals.get(word)
      if (refusal !== undefined && word !== 'DATA') return say(refusal)
      if (word === 'EHLO') {
        const tls = certificate !== undefined && !encrypted ? ['250-STARTTLS'] : []
        return say(['250-sink', ...tls, '250 AUTH PLAIN'].join('\r\n'))
      }
      if (word === 'STARTTLS' && certificate !== undefined) {
        say('220 go on')
        socket.removeAllListeners('data')
        const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(certificate) })
        secure.on('error', () => undefined)
        return serve(secure, true)
      }
      if (word === 'AUTH') {
        login = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString('utf8')
          .replaceAll('\0', ':')
        return say('235 welcome')
      }
      if (word === 'MAIL') mail.from = line.slice('MAIL FROM:'.length)
      if (word === 'RCPT') mail.to.push(line.slice('RCPT TO:'.length))
      if (word === 'DATA') {
        data = ''
        return say('354 go on')
      }
      if (word === 'QUIT') return void socket.end('221 bye\r\n')
      say('250 ok')
    }
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) answer(line)
    })
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    const greet = (ready: Socket, encrypted: boolean) => {
      ready.write(`${refusals.get('GREETING') ?? '220 sink ESMTP'}\r\n`)
      serve(ready, encrypted)
    }
    if (certificate === undefined || !implicit) return greet(socket, false)
    const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(certificate) })
    secure.on('error', () => undefined)
    secure.once('secure', () => greet(secure, true))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  )
  return { port: (server.address() as AddressInfo).port, mails, refusals }
}
