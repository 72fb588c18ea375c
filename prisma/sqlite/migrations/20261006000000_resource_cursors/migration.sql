-- How far each resource of an apiserver source is recorded, in the present epoch: where its watch goes on.
CREATE TABLE "resource_cursor" (
    "epoch_id" INTEGER NOT NULL,
    "resource" TEXT NOT NULL,
    "revision" BIGINT NOT NULL,
    PRIMARY KEY ("epoch_id", "resource")
) WITHOUT ROWID;
