import { Reader } from './reader'
import { Writer } from './writer'

/** Auth.Authenticate: user and password against a token that goes into each call's metadata. */

export function encodeAuthenticateRequest(request: { readonly user: string; readonly password: string }): Buffer {
  return new Writer().string(1, request.user).string(2, request.password).finish()
}

export function decodeAuthenticateResponse(bytes: Uint8Array): { readonly token: string } {
  const reader = new Reader(bytes)
  let token = ''
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x12) token = reader.string()
    else reader.skip(tag)
  }
  return { token }
}
