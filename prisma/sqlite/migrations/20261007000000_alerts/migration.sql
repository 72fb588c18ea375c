-- Alerts: docs/adr/0009-alert-engine.md. Written by the one engine that holds the lease, and by people through the web.

-- One row: which engine evaluates, how far it is, and a number that grows whenever a rule changes.
CREATE TABLE "alert_engine" (
    "id" INTEGER NOT NULL PRIMARY KEY CHECK ("id" = 1),
    "owner" TEXT NOT NULL,
    "token" BIGINT NOT NULL,
    "expires_ms" BIGINT NOT NULL,
    "rules_revision" INTEGER NOT NULL,
    "evaluated_ms" BIGINT,
    "error" TEXT
);
INSERT INTO "alert_engine" VALUES (1, '', 0, 0, 0, NULL, NULL);

-- Rules of people (database), of the settings file as the engine read it (settings), and edits of built-in ones
-- (builtin); the originals of the latter are in the program.
CREATE TABLE "alert_rule" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "updated_ms" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "alert_rule_name" ON "alert_rule"("source", "name");

-- Why a rule cannot be evaluated. No row: it can.
CREATE TABLE "alert_rule_fault" (
    "rule_id" TEXT NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "error" TEXT NOT NULL,
    "since_ms" BIGINT NOT NULL,
    PRIMARY KEY ("rule_id", "cluster_id")
) WITHOUT ROWID;

-- One row an outbreak: from the moment its condition holds until it is over.
CREATE TABLE "alert" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "fingerprint" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "severity" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "active_ms" BIGINT NOT NULL,
    "starts_ms" BIGINT,
    "ends_ms" BIGINT,
    "evaluated_ms" BIGINT NOT NULL,
    "value" REAL,
    "peak" REAL,
    "threshold" REAL NOT NULL,
    "comparison" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "labels" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "annotations" TEXT NOT NULL,
    "runbook_url" TEXT,
    "group_key" TEXT NOT NULL,
    "superseded_by" TEXT,
    "leader_change_term" BIGINT,
    -- what the state machine must know to go on, as it wrote it
    "state" TEXT NOT NULL
);
-- What is open is read at each start and by every screen; it is few rows among many.
CREATE INDEX "alert_open" ON "alert"("phase", "active_ms") WHERE "phase" IN ('pending', 'firing');
CREATE INDEX "alert_past" ON "alert"("active_ms");

-- Every step of every outbreak, in the order in which they were decided. AUTOINCREMENT: a number is never used again,
-- so that notifications can read on from the last one they took.
CREATE TABLE "alert_transition" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "alert_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "value" REAL,
    "summary" TEXT NOT NULL,
    "by" TEXT,
    "note" TEXT
);
CREATE INDEX "alert_transition_of" ON "alert_transition"("alert_id", "seq");

CREATE TABLE "alert_acknowledgement" (
    "alert_id" TEXT NOT NULL PRIMARY KEY,
    "at_ms" BIGINT NOT NULL,
    "by" TEXT NOT NULL,
    "note" TEXT NOT NULL
);
