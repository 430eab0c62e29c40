-- name: Entity management without repeated events
-- description: entity_management with each event once, by metadata.uid: an agent that sends twice, or batches that
--   were cut differently, can repeat one. The last column, copy, is always 1. Name days in eventday: the copies of
--   an event lie in the same partition.
-- kind: view
-- view: entity_management_distinct
-- mapping: native
SELECT *
FROM (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY region, accountid, eventday, metadata.uid
      ORDER BY metadata.logged_time, device.instance_uid, metadata.log_version, cardinality(unmapped) DESC
    ) AS copy
  FROM entity_management
) AS copies
WHERE copy = 1
