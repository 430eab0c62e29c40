-- name: A process and its ancestors
-- description: For each process that was launched, a row for itself (generation 0), for its parent (1) and for each
--   ancestor above it (up to 8) that the lake knows. lineage names them all, the oldest first. Ask for one process
--   by process_guid, or for all that an image is an ancestor of by image and generation.
-- kind: view
-- view: process_tree
-- mapping: both
WITH launches AS (
  SELECT
    time,
    device.hostname AS host,
    lower(process.uid) AS guid,
    process.pid AS pid,
    process.name AS name,
    coalesce(process.file.path, process.file.name, process.name) AS image,
    process.cmd_line AS command_line,
    coalesce(process.user.domain || '\', '') || process.user.name AS user_account,
    lower(process.parent_process.uid) AS parent_guid,
    process.parent_process.pid AS parent_pid,
    process.parent_process.name AS parent_name,
    coalesce(process.parent_process.file.path, process.parent_process.file.name, process.parent_process.name)
      AS parent_image,
    process.parent_process.cmd_line AS parent_command_line,
    coalesce(process.parent_process.user.domain || '\', '') || process.parent_process.user.name
      AS parent_user_account,
    region,
    accountid,
    eventday,
    row_number() OVER (
      PARTITION BY lower(process.uid)
      ORDER BY time, metadata.uid, device.instance_uid, cardinality(unmapped) DESC, process.session.uid
    ) AS copy
  FROM process_activity
  WHERE metadata.event_code = '1'
    AND process.uid IS NOT NULL
    AND process.uid <> '{00000000-0000-0000-0000-000000000000}'
)
-- p1 is the parent's own launch, p2 the grandparent's, and so on: each tells who its parent was.
SELECT
  p0.time AS time,
  p0.host AS host,
  p0.guid AS process_guid,
  p0.image AS process_image,
  g.generation AS generation,
  CASE g.generation
    WHEN 0 THEN p0.guid
    WHEN 1 THEN p0.parent_guid
    WHEN 2 THEN p1.parent_guid
    WHEN 3 THEN p2.parent_guid
    WHEN 4 THEN p3.parent_guid
    WHEN 5 THEN p4.parent_guid
    WHEN 6 THEN p5.parent_guid
    WHEN 7 THEN p6.parent_guid
    WHEN 8 THEN p7.parent_guid
  END AS guid,
  CASE g.generation
    WHEN 0 THEN p0.pid
    WHEN 1 THEN p0.parent_pid
    WHEN 2 THEN p1.parent_pid
    WHEN 3 THEN p2.parent_pid
    WHEN 4 THEN p3.parent_pid
    WHEN 5 THEN p4.parent_pid
    WHEN 6 THEN p5.parent_pid
    WHEN 7 THEN p6.parent_pid
    WHEN 8 THEN p7.parent_pid
  END AS pid,
  CASE g.generation
    WHEN 0 THEN p0.image
    WHEN 1 THEN p0.parent_image
    WHEN 2 THEN p1.parent_image
    WHEN 3 THEN p2.parent_image
    WHEN 4 THEN p3.parent_image
    WHEN 5 THEN p4.parent_image
    WHEN 6 THEN p5.parent_image
    WHEN 7 THEN p6.parent_image
    WHEN 8 THEN p7.parent_image
  END AS image,
  CASE g.generation
    WHEN 0 THEN p0.command_line
    WHEN 1 THEN p0.parent_command_line
    WHEN 2 THEN p1.parent_command_line
    WHEN 3 THEN p2.parent_command_line
    WHEN 4 THEN p3.parent_command_line
    WHEN 5 THEN p4.parent_command_line
    WHEN 6 THEN p5.parent_command_line
    WHEN 7 THEN p6.parent_command_line
    WHEN 8 THEN p7.parent_command_line
  END AS command_line,
  CASE g.generation
    WHEN 0 THEN p0.user_account
    WHEN 1 THEN coalesce(p0.parent_user_account, p1.user_account)
    WHEN 2 THEN coalesce(p1.parent_user_account, p2.user_account)
    WHEN 3 THEN coalesce(p2.parent_user_account, p3.user_account)
    WHEN 4 THEN coalesce(p3.parent_user_account, p4.user_account)
    WHEN 5 THEN coalesce(p4.parent_user_account, p5.user_account)
    WHEN 6 THEN coalesce(p5.parent_user_account, p6.user_account)
    WHEN 7 THEN coalesce(p6.parent_user_account, p7.user_account)
    WHEN 8 THEN p7.parent_user_account
  END AS user_account,
  concat_ws(' > ', p7.parent_name, p6.parent_name, p5.parent_name, p4.parent_name, p3.parent_name, p2.parent_name,
    p1.parent_name, p0.parent_name, p0.name) AS lineage,
  p0.region AS region,
  p0.accountid AS accountid,
  p0.eventday AS eventday
FROM launches p0
LEFT JOIN launches p1 ON p1.guid = p0.parent_guid AND p1.copy = 1
LEFT JOIN launches p2 ON p2.guid = p1.parent_guid AND p2.copy = 1
LEFT JOIN launches p3 ON p3.guid = p2.parent_guid AND p3.copy = 1
LEFT JOIN launches p4 ON p4.guid = p3.parent_guid AND p4.copy = 1
LEFT JOIN launches p5 ON p5.guid = p4.parent_guid AND p5.copy = 1
LEFT JOIN launches p6 ON p6.guid = p5.parent_guid AND p6.copy = 1
LEFT JOIN launches p7 ON p7.guid = p6.parent_guid AND p7.copy = 1
CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8)) AS g (generation)
WHERE p0.copy = 1
  AND CASE g.generation
    WHEN 0 THEN p0.guid
    WHEN 1 THEN p0.parent_guid
    WHEN 2 THEN p1.parent_guid
    WHEN 3 THEN p2.parent_guid
    WHEN 4 THEN p3.parent_guid
    WHEN 5 THEN p4.parent_guid
    WHEN 6 THEN p5.parent_guid
    WHEN 7 THEN p6.parent_guid
    WHEN 8 THEN p7.parent_guid
  END IS NOT NULL
