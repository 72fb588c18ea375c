-- Silences, channels and the outbox: docs/adr/0010-outbox.md. People write silences and channels through the web; the
-- process that evaluates the rules writes the rest.

-- One row: the last step of an alert that was taken, and a number that grows whenever a silence or channel changes.
CREATE TABLE "notify_state" (
    "id" INTEGER NOT NULL PRIMARY KEY CHECK ("id" = 1),
    "cursor" BIGINT NOT NULL,
    "revision" INTEGER NOT NULL
);
INSERT INTO "notify_state" VALUES (1, 0, 0);

CREATE TABLE "silence" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "matchers" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "starts_ms" BIGINT NOT NULL,
    "ends_ms" BIGINT NOT NULL,
    "created_ms" BIGINT NOT NULL,
    "updated_ms" BIGINT NOT NULL
);
CREATE INDEX "silence_ends" ON "silence"("ends_ms");

-- document holds no secret: these are in sealed, encrypted with a key that is not in the database.
CREATE TABLE "channel" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "sealed" BLOB NOT NULL,
    "created_ms" BIGINT NOT NULL,
    "updated_ms" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "channel_name_key" ON "channel"("name");

-- How a channel is doing, also one of the settings file. failures counts those in a row; 0: the last one went out.
CREATE TABLE "channel_health" (
    "channel_id" TEXT NOT NULL PRIMARY KEY,
    "failures" INTEGER NOT NULL,
    "last_sent_ms" BIGINT,
    "last_error_ms" BIGINT,
    "last_error" TEXT,
    "next_try_ms" BIGINT
);

-- What one channel was told of alerts that are told together, and when to look at it again.
CREATE TABLE "notify_group" (
    "channel_id" TEXT NOT NULL,
    "group_key" TEXT NOT NULL,
    "due_ms" BIGINT,
    "document" TEXT NOT NULL,
    PRIMARY KEY ("channel_id", "group_key")
);
CREATE INDEX "notify_group_due" ON "notify_group"("due_ms");

-- The outbox. A row is written in the transaction that decides on it and tried until it is sent or given up; key is the
-- same at every try.
CREATE TABLE "notification" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "channel_id" TEXT NOT NULL,
    "group_key" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "created_ms" BIGINT NOT NULL,
    "ended_ms" BIGINT,
    "error" TEXT,
    "document" TEXT NOT NULL
);
CREATE UNIQUE INDEX "notification_key_key" ON "notification"("key");
CREATE INDEX "notification_waiting" ON "notification"("channel_id", "id") WHERE "state" = 'waiting';
CREATE INDEX "notification_ended" ON "notification"("ended_ms");

CREATE TABLE "notification_alert" (
    "alert_id" TEXT NOT NULL,
    "notification_id" INTEGER NOT NULL,
    PRIMARY KEY ("alert_id", "notification_id")
) WITHOUT ROWID;
CREATE INDEX "notification_alert_of" ON "notification_alert"("notification_id");
