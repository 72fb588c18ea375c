-- Retention: docs/adr/0005-retention.md. What was removed is data: a horizon for each class, a stretch for each place.

-- Changes of the class at or below the revision are kept only where they were still in force at it. Codes of class:
-- lib/store/codes.ts. visited_seq: the last link of the chain that was looked through for the class; revisit_seq: the
-- same one run before, from where the next run looks again at what was still in force then.
CREATE TABLE "horizon" (
    "epoch_id" INTEGER NOT NULL,
    "class" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "visited_seq" INTEGER NOT NULL DEFAULT 0,
    "revisit_seq" INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY ("epoch_id", "class")
) WITHOUT ROWID;

-- Changes of a key that were removed just before the kept one at before_revision: how many, from the first to the
-- last. From first_revision up to before_revision the key's state is not known.
CREATE TABLE "removed" (
    "key_id" INTEGER NOT NULL,
    "epoch_id" INTEGER NOT NULL,
    "before_revision" BIGINT NOT NULL,
    "first_revision" BIGINT NOT NULL,
    "last_revision" BIGINT NOT NULL,
    "changes" INTEGER NOT NULL,
    PRIMARY KEY ("key_id", "epoch_id", "before_revision")
) WITHOUT ROWID;

-- What people set on the screen, as JSON; the configuration file goes first.
CREATE TABLE "retention_policy" (
    "cluster_id" INTEGER NOT NULL PRIMARY KEY,
    "policy" TEXT NOT NULL,
    "set_ms" BIGINT NOT NULL
);

-- What is in force and what the last run did, as JSON, written by the collector.
CREATE TABLE "retention_state" (
    "cluster_id" INTEGER NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "at_ms" BIGINT NOT NULL
);
