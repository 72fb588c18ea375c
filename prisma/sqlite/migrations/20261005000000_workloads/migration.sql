-- What workloads were like over time, derived from the changes (docs/adr/0006-derived-workloads.md). All of it can be
-- thrown away and derived again. Codes: lib/store/codes.ts.

-- How far an epoch's changes have been read.
CREATE TABLE "derivation" (
    "epoch_id" INTEGER NOT NULL PRIMARY KEY,
    "through" BIGINT NOT NULL
);

-- Objects that have steps: workloads, Services, Nodes. ended_revision is empty while the object is there.
CREATE TABLE "workload" (
    "epoch_id" INTEGER NOT NULL,
    "role" INTEGER NOT NULL,
    "key_id" INTEGER NOT NULL,
    "kind_id" INTEGER NOT NULL,
    "group_id" INTEGER NOT NULL,
    "first_revision" BIGINT NOT NULL,
    "ended_revision" BIGINT,
    PRIMARY KEY ("epoch_id", "role", "key_id")
) WITHOUT ROWID;

-- What held from a revision on; a row only where something differs from the row before. since: for how many ms its
-- status had held by then.
CREATE TABLE "workload_step" (
    "key_id" INTEGER NOT NULL,
    "epoch_id" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "status" INTEGER NOT NULL,
    "since" BIGINT NOT NULL,
    "generation" BIGINT,
    "observed" BIGINT,
    "desired" BIGINT,
    "current" BIGINT,
    "updated" BIGINT,
    "ready" BIGINT,
    "available" BIGINT,
    "reason_id" INTEGER,
    PRIMARY KEY ("key_id", "epoch_id", "revision")
) WITHOUT ROWID;

-- Remarks on a workload from a revision on; a row only where they differ from the row before, empty when none is left.
CREATE TABLE "workload_insight" (
    "key_id" INTEGER NOT NULL,
    "epoch_id" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "insights" TEXT,
    PRIMARY KEY ("key_id", "epoch_id", "revision")
) WITHOUT ROWID;

CREATE TABLE "pod_step" (
    "key_id" INTEGER NOT NULL,
    "epoch_id" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "phase" INTEGER NOT NULL,
    "status" INTEGER NOT NULL,
    "restarts" INTEGER NOT NULL,
    "reason_id" INTEGER,
    PRIMARY KEY ("key_id", "epoch_id", "revision")
) WITHOUT ROWID;

-- A change of generation and what became of it; also a template that was there when the record began, and the runs of
-- Jobs. template is a hash of the pod template.
CREATE TABLE "rollout" (
    "key_id" INTEGER NOT NULL,
    "epoch_id" INTEGER NOT NULL,
    "from_revision" BIGINT NOT NULL,
    "generation" BIGINT NOT NULL,
    "started_ms" BIGINT NOT NULL,
    "cause" INTEGER NOT NULL,
    "outcome" INTEGER NOT NULL,
    "ended_revision" BIGINT,
    "ended_ms" BIGINT,
    "converged_ms" BIGINT,
    "replaced" INTEGER NOT NULL,
    "template" BIGINT,
    "failures" TEXT,
    PRIMARY KEY ("key_id", "epoch_id", "from_revision")
) WITHOUT ROWID;

-- Which object belonged to which, from when to when: by controller reference, a Pod without one to itself.
CREATE TABLE "owned_object" (
    "owner_id" INTEGER NOT NULL,
    "epoch_id" INTEGER NOT NULL,
    "key_id" INTEGER NOT NULL,
    "from_revision" BIGINT NOT NULL,
    "from_ms" BIGINT NOT NULL,
    "to_revision" BIGINT,
    "to_ms" BIGINT,
    "node_id" INTEGER,
    PRIMARY KEY ("owner_id", "epoch_id", "key_id", "from_revision")
) WITHOUT ROWID;
