-- name: EventIDs 12 to 14, RegistryEvent
-- description: What was done to keys and values of the registry, by the fields of the events. The same columns over
--   the lakes of both mapping files.
-- kind: view
-- view: registry_event
-- mapping: native
SELECT
  time,
  device.hostname AS host,
  CASE
    WHEN metadata.event_code = '14' THEN 'RenameKey'
    WHEN activity_id = 1 THEN 'CreateKey'
    WHEN activity_id = 4 THEN 'DeleteKey'
  END AS event_type,
  actor.process.uid AS process_guid,
  actor.process.pid AS process_id,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS image,
  CASE WHEN metadata.event_code = '14' THEN prev_reg_key.path ELSE reg_key.path END AS target_object,
  CAST(NULL AS varchar) AS details,
  CASE WHEN metadata.event_code = '14' THEN reg_key.path END AS new_name,
  region,
  accountid,
  eventday
FROM registry_key_activity
WHERE metadata.event_code IN ('12', '14')
UNION ALL
SELECT
  time,
  device.hostname AS host,
  CASE metadata.event_code WHEN '13' THEN 'SetValue' WHEN '14' THEN 'RenameValue' ELSE 'DeleteValue' END
    AS event_type,
  actor.process.uid AS process_guid,
  actor.process.pid AS process_id,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS image,
  CASE
    WHEN metadata.event_code = '14' THEN prev_reg_value.path || coalesce('\' || prev_reg_value.name, '')
    ELSE reg_value.path || coalesce('\' || reg_value.name, '')
  END AS target_object,
  json_extract_scalar(reg_value.data, '$') AS details,
  CASE WHEN metadata.event_code = '14' THEN reg_value.path || coalesce('\' || reg_value.name, '') END AS new_name,
  region,
  accountid,
  eventday
FROM registry_value_activity
WHERE metadata.event_code IN ('12', '13', '14')
