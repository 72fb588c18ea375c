-- Half the bytes a change: docs/adr/0004-size-and-search.md. The tables are made anew, their rows stay what they were.

-- Values by content, made from earlier ones: base_id mostly the key's previous version, aid_id one that took the same
-- turn. Codes of encoding: lib/store/value/encoding.ts; the commonest is 0, which SQLite stores in no byte at all.
-- hash is length << 32 | CRC-32.
CREATE TABLE "value_anew" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "hash" BIGINT NOT NULL,
    "encoding" INTEGER NOT NULL,
    -- how far back the sources stand, which is mostly one byte or two
    "base_back" INTEGER,
    "aid_back" INTEGER,
    "base_id" INTEGER GENERATED ALWAYS AS ("id" - "base_back") VIRTUAL,
    "aid_id" INTEGER GENERATED ALWAYS AS ("id" - "aid_back") VIRTUAL,
    -- 1 when the value may come back (a heartbeat never does) and is found by its hash
    "lookup" INTEGER NOT NULL,
    "bytes" BLOB NOT NULL
);
INSERT INTO "value_anew" ("id", "hash", "encoding", "base_back", "lookup", "bytes")
    SELECT "id", "hash", CASE "encoding" WHEN 0 THEN 4 ELSE "encoding" END, "id" - "base_id", "lookup", "bytes"
    FROM "value";
DROP TABLE "value";
ALTER TABLE "value_anew" RENAME TO "value";
CREATE INDEX "value_hash" ON "value"("hash") WHERE "lookup" = 1;

-- Summaries of changes that no page has yet, each text about once an epoch. Ids below 0 never go into a page: they are
-- of changes that a re-sync stored where pages are already.
CREATE TABLE "summary_fresh" (
    "epoch_id" INTEGER NOT NULL,
    "id" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    PRIMARY KEY ("epoch_id", "id")
) WITHOUT ROWID;

-- Summaries of some hundred changes: those behind the page before, through this revision. Ids are those of the page.
CREATE TABLE "summary_page" (
    "epoch_id" INTEGER NOT NULL,
    "through_revision" BIGINT NOT NULL,
    -- 1 when a re-sync stored a change here later: a search looks at every row
    "late" INTEGER NOT NULL,
    -- ids of the keys that changed, and the texts: lib/store/summary
    "keys" BLOB NOT NULL,
    "texts" BLOB NOT NULL,
    PRIMARY KEY ("epoch_id", "through_revision")
);

INSERT INTO "summary_fresh" ("epoch_id", "id", "text")
    SELECT "epoch_id", row_number() OVER (PARTITION BY "epoch_id" ORDER BY "first"), "summary"
    FROM (SELECT "epoch_id", "summary", min("revision") AS "first" FROM "change"
          WHERE "summary" IS NOT NULL GROUP BY "epoch_id", "summary");
CREATE INDEX "summary_of_text" ON "summary_fresh"("epoch_id", "text");

-- As before for who reads it, but for the summary: what can be told from another column is not stored. No index on time: at_ms never decreases within an epoch.
CREATE TABLE "change_anew" (
    "epoch_id" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "key_id" INTEGER NOT NULL,
    -- op, significance, origin and at_source in one byte
    "kind" INTEGER NOT NULL,
    "at_ms" BIGINT NOT NULL,
    -- revisions since the key was created
    "age" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "value_bytes" INTEGER NOT NULL,
    "value_id" INTEGER,
    "manager_id" INTEGER,
    -- in the page that covers the revision, or fresh
    "summary_id" INTEGER,
    -- Empty in most rows: SQLite stores one byte for each.
    "lease_id" BIGINT,
    "fingerprint" BLOB,
    "op" INTEGER GENERATED ALWAYS AS ("kind" & 3) VIRTUAL,
    "significance" INTEGER GENERATED ALWAYS AS ("kind" >> 2 & 7) VIRTUAL,
    "origin" INTEGER GENERATED ALWAYS AS ("kind" >> 5 & 1) VIRTUAL,
    "at_source" INTEGER GENERATED ALWAYS AS ("kind" >> 6 & 1) VIRTUAL,
    "create_revision" BIGINT GENERATED ALWAYS AS ("revision" - "age") VIRTUAL,
    PRIMARY KEY ("epoch_id", "revision", "ordinal")
) WITHOUT ROWID;
INSERT INTO "change_anew"
    SELECT "epoch_id", "revision", "ordinal", "key_id",
        "op" + "significance" * 4 + "origin" * 32 + "at_source" * 64, "at_ms",
        "revision" - "create_revision", "version", "value_bytes", "value_id", "manager_id",
        (SELECT "id" FROM "summary_fresh" AS "f" WHERE "f"."epoch_id" = "c"."epoch_id" AND "f"."text" = "c"."summary"),
        "lease_id", "fingerprint"
    FROM "change" AS "c" ORDER BY "epoch_id", "revision", "ordinal";
DROP INDEX "summary_of_text";
DROP TABLE "change";
ALTER TABLE "change_anew" RENAME TO "change";
CREATE INDEX "change_key" ON "change"("key_id", "epoch_id", "revision", "op", "value_bytes");
CREATE INDEX "change_meant" ON "change"("epoch_id", "revision") WHERE "significance" IN (0, 2);
