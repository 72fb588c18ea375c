-- What discovery told of a cluster's kinds: names that keys and values do not hold.
CREATE TABLE "api_resource" (
    "cluster_id" INTEGER NOT NULL,
    -- as changes call it: deployments, databases.db.acme.example
    "resource" TEXT NOT NULL,
    "api_version" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "namespaced" BOOLEAN NOT NULL,
    -- a JSON list
    "short_names" TEXT NOT NULL,
    PRIMARY KEY ("cluster_id", "resource")
) WITHOUT ROWID;
