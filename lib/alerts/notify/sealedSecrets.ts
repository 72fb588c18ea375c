import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'

/**
 * Secrets of channels at rest: AES-256-GCM with a key that lies in the data folder and not in the database. The id of
 * the channel is authenticated with them, so that sealed secrets moved to another row open nothing.
 */
export type Secrets = Readonly<Record<string, string>>

const format = 1
const ivBytes = 12
const tagBytes = 16
const secrets = z.record(z.string(), z.string())

export function sealSecrets(key: Uint8Array, channelId: string, open: Secrets): Uint8Array {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(channelId))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(open), 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(format), iv, cipher.getAuthTag(), sealed])
}

/** Null when they were sealed with another key, for another channel, or were altered. */
export function openSecrets(key: Uint8Array, channelId: string, sealed: Uint8Array): Secrets | null {
  try {
    const bytes = Buffer.from(sealed)
    if (bytes[0] !== format) return null
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + ivBytes), { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(channelId))
    decipher.setAuthTag(bytes.subarray(1 + ivBytes, 1 + ivBytes + tagBytes))
    const open = Buffer.concat([decipher.update(bytes.subarray(1 + ivBytes + tagBytes)), decipher.final()])
    return secrets.parse(JSON.parse(open.toString('utf8')))
  } catch {
    return null // the one answer to every kind of wrong bytes
  }
}
