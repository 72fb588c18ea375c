-- What was stored below what is derived already is taken in by stepping the derivation back below it.

-- Late rows and gaps of chain links up to this one are taken in.
ALTER TABLE "derivation" ADD COLUMN "late_seq" INTEGER NOT NULL DEFAULT 0;

-- The revisions at which its Pods were deleted, so that their number as it was before one of them can be told.
ALTER TABLE "rollout" ADD COLUMN "replaced_at" TEXT;

-- What was derived already stays as it is: the changes that it was derived of may be gone. Its counts come before
-- anything that is stepped back over.
UPDATE "derivation" SET "late_seq" = coalesce((
  SELECT max(l."seq") FROM "chain_link" AS l JOIN "epoch" AS e ON e."cluster_id" = l."cluster_id"
  WHERE e."id" = "derivation"."epoch_id"), 0);
UPDATE "rollout" SET "replaced_at" = "from_revision" || replace(hex(zeroblob("replaced" - 1)), '00', ',0')
  WHERE "replaced" > 0;
