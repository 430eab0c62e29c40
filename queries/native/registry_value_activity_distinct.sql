-- name: Registry value activity without repeated events
-- description: registry_value_activity with each event once, by metadata.uid: an agent that sends twice, or batches
--   that were cut differently, can repeat one. The last column, copy, is always 1. Name days in eventday: the
--   copies of an event lie in the same partition.
-- kind: view
-- view: registry_value_activity_distinct
-- mapping: native
SELECT *
FROM (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY region, accountid, eventday, metadata.uid
      ORDER BY metadata.logged_time, device.instance_uid, metadata.log_version, cardinality(unmapped) DESC
    ) AS copy
  FROM registry_value_activity
) AS copies
WHERE copy = 1
