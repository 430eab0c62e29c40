-- name: EventIDs 12 to 14, RegistryEvent
-- description: What was done to keys and values of the registry, by the fields of the events. The same columns over
--   the lakes of both mapping files.
-- kind: view
-- view: registry_event
-- mapping: class
SELECT
  time,
  device.hostname AS host,
  CASE metadata.event_code
    WHEN '13' THEN 'SetValue'
    WHEN '14' THEN CASE WHEN file.type = 'Registry Value' THEN 'RenameValue' ELSE 'RenameKey' END
    ELSE CASE
      WHEN activity_id = 1 THEN 'CreateKey'
      WHEN activity_id = 4 AND file.type = 'Registry Value' THEN 'DeleteValue'
      WHEN activity_id = 4 THEN 'DeleteKey'
    END
  END AS event_type,
  actor.process.uid AS process_guid,
  actor.process.pid AS process_id,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS image,
  coalesce(file.path, file.name) AS target_object,
  element_at(unmapped, 'Details') AS details,
  coalesce(file_result.path, file_result.name) AS new_name,
  region,
  accountid,
  eventday
FROM file_activity
WHERE metadata.event_code IN ('12', '13', '14')
