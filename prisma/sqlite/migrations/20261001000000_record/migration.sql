-- The record: clusters, their epochs, every change of every key, what their members said.
-- BIGINT is what Prisma reads as int64; to SQLite both names mean the same. Times are epoch milliseconds.
-- Codes of op, significance, origin, at_source and kinds: lib/store/codes.ts.

CREATE TABLE "cluster" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "demo" BOOLEAN NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX "cluster_name_key" ON "cluster"("name");

-- One life of a cluster's revision counter. The cursor lives here: everything up to it is stored or in a gap.
CREATE TABLE "epoch" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "cluster_id" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "etcd_cluster_id" TEXT,
    "started_ms" BIGINT NOT NULL,
    "reason" TEXT,
    "cursor_revision" BIGINT NOT NULL DEFAULT 0,
    "first_revision" BIGINT,
    "first_ms" BIGINT,
    "last_ms" BIGINT,
    -- 1 while rows of an unfinished re-sync stand above the cursor; they are no part of the record yet
    "resync_open" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "epoch_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "epoch_cluster_id_epoch_key" ON "epoch"("cluster_id", "epoch");

CREATE TABLE "gap" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "epoch_id" INTEGER NOT NULL,
    "from_revision" BIGINT NOT NULL,
    "to_revision" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "at_ms" BIGINT NOT NULL,
    CONSTRAINT "gap_epoch_id_fkey" FOREIGN KEY ("epoch_id") REFERENCES "epoch" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "gap_epoch_id_from_revision_key" ON "gap"("epoch_id", "from_revision");

-- Who collects a cluster. The token grows with each new owner and is checked inside every write.
CREATE TABLE "lease" (
    "cluster_id" INTEGER NOT NULL PRIMARY KEY,
    "owner" TEXT NOT NULL,
    "token" BIGINT NOT NULL,
    "expires_ms" BIGINT NOT NULL
);

-- What moved last, one row a cluster and topic; seq grows over all of them.
CREATE TABLE "pulse" (
    "cluster_id" INTEGER NOT NULL,
    "topic" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "cursor" TEXT NOT NULL,
    PRIMARY KEY ("cluster_id", "topic")
) WITHOUT ROWID;

CREATE TABLE "snapshot" (
    "cluster_id" INTEGER NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "at_ms" BIGINT NOT NULL,
    CONSTRAINT "snapshot_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- Words that repeat: resources, namespaces, managers.
CREATE TABLE "label" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "text" TEXT NOT NULL
);
CREATE UNIQUE INDEX "label_text_key" ON "label"("text");

-- A key, once. Its object's name is usually the key's tail: then only the tail's length in bytes is kept.
CREATE TABLE "key" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "cluster_id" INTEGER NOT NULL,
    "key" BLOB NOT NULL,
    "resource_id" INTEGER,
    "namespace_id" INTEGER,
    "name_tail" INTEGER,
    "name" TEXT
);
CREATE UNIQUE INDEX "key_cluster_id_key_key" ON "key"("cluster_id", "key");
CREATE INDEX "key_kind" ON "key"("cluster_id", "resource_id", "namespace_id");

-- One change of one key. epoch_id stands for (cluster, epoch). No index on time: at_ms never decreases within an
-- epoch, so a time is found by bisection over revisions.
CREATE TABLE "change" (
    "epoch_id" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "key_id" INTEGER NOT NULL,
    "op" INTEGER NOT NULL,
    "significance" INTEGER NOT NULL,
    "origin" INTEGER NOT NULL,
    "at_source" INTEGER NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "create_revision" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "value_bytes" INTEGER NOT NULL,
    "value_id" INTEGER,
    "manager_id" INTEGER,
    -- These three are empty in most rows and stand last: SQLite stores one byte for each.
    "lease_id" BIGINT,
    "fingerprint" BLOB,
    "summary" TEXT,
    PRIMARY KEY ("epoch_id", "revision", "ordinal")
) WITHOUT ROWID;
-- History of a key, its value at a revision, and the keys at a revision. Operation and size ride along (one byte a
-- change), so that counting a keyspace never leaves the index. That a key changes once a revision, the writer checks.
CREATE INDEX "change_key" ON "change"("key_id", "epoch_id", "revision", "op", "value_bytes");
-- What people look at first; heartbeats and status churn are far more and need no index.
CREATE INDEX "change_meant" ON "change"("epoch_id", "revision") WHERE "significance" IN (0, 2);

-- Values by content: raw, deflated, or as their difference from an earlier value (base_id). hash is length << 32 | CRC-32.
CREATE TABLE "value" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "hash" BIGINT NOT NULL,
    "encoding" INTEGER NOT NULL,
    "depth" INTEGER NOT NULL,
    "base_id" INTEGER,
    "length" INTEGER NOT NULL,
    -- 1 when the value may come back (a heartbeat never does) and is found by its hash
    "lookup" INTEGER NOT NULL,
    "bytes" BLOB NOT NULL
);
CREATE INDEX "value_hash" ON "value"("hash") WHERE "lookup" = 1;

-- Activity in buckets of 10 s and of 10 min (width in seconds), one row a bucket, dimension and label (0: none).
-- Equal to counting the changes seen by watching; re-sync rows are reconstruction and do not count.
CREATE TABLE "activity" (
    "cluster_id" INTEGER NOT NULL,
    "width" INTEGER NOT NULL,
    "dimension" INTEGER NOT NULL,
    "bucket" INTEGER NOT NULL,
    "label_id" INTEGER NOT NULL,
    "changes" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,
    "meaningless" INTEGER NOT NULL,
    PRIMARY KEY ("cluster_id", "width", "dimension", "bucket", "label_id")
) WITHOUT ROWID;

CREATE TABLE "series" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "cluster_id" INTEGER NOT NULL,
    "metric" TEXT NOT NULL,
    "kind" INTEGER NOT NULL,
    "labels" TEXT NOT NULL,
    "bounds" TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX "series_identity" ON "series"("cluster_id", "metric", "labels", "kind", "bounds");

CREATE TABLE "sample" (
    "series_id" INTEGER NOT NULL,
    "t_ms" BIGINT NOT NULL,
    "value" REAL NOT NULL,
    "span_ms" BIGINT NOT NULL,
    "histogram" BLOB,
    PRIMARY KEY ("series_id", "t_ms")
) WITHOUT ROWID;

-- Samples of older times: level is the bucket's width in seconds (60, 600).
CREATE TABLE "sample_rollup" (
    "series_id" INTEGER NOT NULL,
    "level" INTEGER NOT NULL,
    "t_ms" BIGINT NOT NULL,
    "min" REAL NOT NULL,
    "max" REAL NOT NULL,
    "sum" REAL NOT NULL,
    "count" INTEGER NOT NULL,
    "last" REAL NOT NULL,
    "span_ms" BIGINT NOT NULL,
    "histogram" BLOB,
    PRIMARY KEY ("series_id", "level", "t_ms")
) WITHOUT ROWID;

-- How far upkeep has come: 'rolled:60', 'rolled:600', 'dropped:0', 'dropped:60', ... in epoch milliseconds.
CREATE TABLE "upkeep" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" BIGINT NOT NULL
);

CREATE TABLE "member_state" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "cluster_id" INTEGER NOT NULL,
    "member_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "term" BIGINT,
    "from_ms" BIGINT NOT NULL,
    "to_ms" BIGINT NOT NULL
);
CREATE INDEX "member_state_lane" ON "member_state"("cluster_id", "member_id", "from_ms");
CREATE INDEX "member_state_end" ON "member_state"("cluster_id", "to_ms");

CREATE TABLE "leader_change" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "cluster_id" INTEGER NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "term" BIGINT NOT NULL,
    "from_member_id" TEXT,
    "from_name" TEXT,
    "to_member_id" TEXT NOT NULL,
    "to_name" TEXT NOT NULL,
    "leaderless_ms" BIGINT NOT NULL,
    "planned" BOOLEAN NOT NULL,
    "elections" INTEGER NOT NULL,
    "revision" BIGINT
);
CREATE UNIQUE INDEX "leader_change_once" ON "leader_change"("cluster_id", "term", "to_member_id");
CREATE INDEX "leader_change_at" ON "leader_change"("cluster_id", "at_ms");
