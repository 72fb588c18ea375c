/** The range of every key there is: from the empty key on. etcd writes both bounds as a single zero byte. */
export const wholeKeyspace = { key: new Uint8Array(1), rangeEnd: new Uint8Array(1) } as const
