-- The hash chain over the record: docs/adr/0003-hash-chain.md. One chain a cluster, across epochs; append-only.

-- A link covers the changes of its epoch behind the link before it, up to (through_revision, through_ordinal), or is
-- an action of our own whose content is its body. Codes of kind: lib/store/codes.ts.
CREATE TABLE "chain_link" (
    "cluster_id" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" INTEGER NOT NULL,
    "epoch_id" INTEGER NOT NULL,
    "through_revision" BIGINT NOT NULL,
    -- empty when the whole revision is covered
    "through_ordinal" INTEGER,
    "hash" BLOB NOT NULL,
    "body" TEXT,
    -- four bytes a change, in order: what finds the very row that was altered. Last, because it can be long.
    "checksums" BLOB NOT NULL,
    PRIMARY KEY ("cluster_id", "seq")
) WITHOUT ROWID;

-- Changes that a re-sync stored below the cursor belong to a link of their own.
CREATE TABLE "late_change" (
    "epoch_id" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    PRIMARY KEY ("epoch_id", "revision", "ordinal")
) WITHOUT ROWID;
CREATE INDEX "late_change_link" ON "late_change"("epoch_id", "seq");

-- What a key's description was in the links before seq, when it was described anew.
CREATE TABLE "key_before" (
    "key_id" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "resource_id" INTEGER,
    "namespace_id" INTEGER,
    "name_tail" INTEGER,
    "name" TEXT,
    PRIMARY KEY ("key_id", "seq")
) WITHOUT ROWID;
