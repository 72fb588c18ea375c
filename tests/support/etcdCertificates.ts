import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Certificates {
  readonly caFile: string
  readonly serverCertFile: string
  readonly serverKeyFile: string
  readonly clientCertFile: string
  readonly clientKeyFile: string
  /** A CA that signed none of them. */
  readonly otherCaFile: string
  readonly ca: Buffer
  readonly clientCert: Buffer
  readonly clientKey: Buffer
  readonly otherCa: Buffer
}

/** A throw-away CA with a server certificate for 127.0.0.1 and `etcd.test`, and a client certificate `CN=root`. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const file = (name: string) => path.join(folder, name)
  await authority(file('ca'), 'test CA')
  await authority(file('other-ca'), 'another CA')
  // etcd dials itself through its gateway with the server certificate, so that one is good for clients too.
  await signed(file('server'), file('ca'), 'etcd server', 'serverAuth,clientAuth')
  await signed(file('client'), file('ca'), 'root', 'clientAuth')
  return {
    caFile: file('ca.crt'),
    serverCertFile: file('server.crt'),
    serverKeyFile: file('server.key'),
    clientCertFile: file('client.crt'),
    clientKeyFile: file('client.key'),
    otherCaFile: file('other-ca.crt'),
    ca: await readFile(file('ca.crt')),
    clientCert: await readFile(file('client.crt')),
    clientKey: await readFile(file('client.key')),
    otherCa: await readFile(file('other-ca.crt')),
  }
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

async function authority(base: string, name: string): Promise<void> {
  await run('openssl', [
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    `${base}.key`,
    '-out',
    `${base}.crt`,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  ])
}

async function signed(base: string, caBase: string, name: string, usage: string): Promise<void> {
  await run('openssl', ['req', ...newKey, '-keyout', `${base}.key`, '-out', `${base}.csr`, '-subj', `/CN=${name}`])
  await writeFile(`${base}.ext`, `subjectAltName=IP:127.0.0.1,DNS:etcd.test\nextendedKeyUsage=${usage}\n`)
  await run('openssl', [
    'x509',
    '-req',
    '-in',
    `${base}.csr`,
    '-CA',
    `${caBase}.crt`,
    '-CAkey',
    `${caBase}.key`,
    '-CAcreateserial',
    '-out',
    `${base}.crt`,
    '-days',
    '2',
    '-extfile',
    `${base}.ext`,
  ])
}
