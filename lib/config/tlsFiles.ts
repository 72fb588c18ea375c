import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { badSetting } from './badSetting'
import type { TlsSettings } from './settings'

/** A file to read and the name of the setting that gave it. */
export interface NamedFile {
  readonly subject: string
  readonly path: string
}

export interface TlsFiles {
  readonly ca: NamedFile | null
  readonly cert: NamedFile | null
  readonly key: NamedFile | null
  readonly serverName: string | null
  readonly insecureSkipVerify: boolean
}

/** Reads and checks the PEM files now, so that a wrong one stops the start and not the first connection. */
export function readTls(files: TlsFiles, cwd: string): TlsSettings {
  if (files.cert !== null && files.key === null) {
    throw badSetting(files.cert.subject, `${files.cert.subject} is given without its key.`)
  }
  if (files.key !== null && files.cert === null) {
    throw badSetting(files.key.subject, `${files.key.subject} is given without its certificate.`)
  }
  const ca = files.ca === null ? null : readNamedFile(files.ca, cwd)
  const cert = files.cert === null ? null : readNamedFile(files.cert, cwd)
  const key = files.key === null ? null : readNamedFile(files.key, cwd)
  if (files.ca !== null && ca !== null) checkCertificate(files.ca, ca)
  if (files.cert !== null && cert !== null && files.key !== null && key !== null) {
    const certificate = checkCertificate(files.cert, cert)
    if (!certificate.checkPrivateKey(checkPrivateKey(files.key, key))) {
      throw badSetting(files.key.subject, `${files.key.subject} is not the key of the certificate beside it.`)
    }
  }
  return { ca, cert, key, serverName: files.serverName, insecureSkipVerify: files.insecureSkipVerify }
}

export function readNamedFile(file: NamedFile, cwd: string): Buffer {
  try {
    return readFileSync(resolve(cwd, file.path))
  } catch (error) {
    throw badSetting(file.subject, `${file.subject} names ${file.path}, which cannot be read: ${reasonOf(error)}.`)
  }
}

export function checkCertificate(file: NamedFile, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw badSetting(file.subject, `${file.subject} names ${file.path}, which holds no PEM certificate.`)
  }
}

function checkPrivateKey(file: NamedFile, pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw badSetting(file.subject, `${file.subject} names ${file.path}, which holds no readable PEM private key.`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
}

/** The system's reason in words; the path is left to the caller. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return reasons[code] ?? code
}
