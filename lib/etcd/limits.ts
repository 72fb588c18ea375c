/** Every bound of the transport, with its unit and its reason. */

/** The largest answer taken from a member. A request can be 1.5 MiB and a watch batch many times that. */
export const receiveLimitBytes = 64 * 1024 * 1024

/**
 * HTTP/2 window: how much a member may send ahead of what is read. Node's default of 64 KiB stalls a catch-up on every
 * round trip; this much stays in the socket's buffers at most.
 */
export const flowControlWindowBytes = 8 * 1024 * 1024

/** etcd refuses clients that ping more often than every 5 s. */
export const keepaliveIntervalMs = 10_000
export const keepaliveTimeoutMs = 5_000

/** A member that has not answered a unary call by then counts as unreachable. */
export const callDeadlineMs = 5_000

/** A watch whose first answer has not come by then is tried elsewhere. */
export const watchOpenDeadlineMs = 10_000

/** Time for the second look that finds out why a connection failed. */
export const probeDeadlineMs = 3_000

/** One page of the keyspace aims at this many bytes. */
export const pageBytes = 4 * 1024 * 1024

/** The largest `/metrics` text taken; etcd's own is 150 to 300 KB. */
export const metricsTextLimitBytes = 16 * 1024 * 1024
