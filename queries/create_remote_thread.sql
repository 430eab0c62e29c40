-- name: EventID 8, CreateRemoteThread
-- description: Threads that a process started in another one, by the fields of the event. The same columns over the
--   lakes of both mapping files.
-- kind: view
-- view: create_remote_thread
-- mapping: class
SELECT
  time,
  device.hostname AS host,
  actor.process.uid AS source_process_guid,
  actor.process.pid AS source_process_id,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS source_image,
  coalesce(actor.user.domain || '\', '') || actor.user.name AS source_user,
  element_at(unmapped, 'TargetProcessGuid') AS target_process_guid,
  TRY_CAST(element_at(unmapped, 'TargetProcessId') AS bigint) AS target_process_id,
  element_at(unmapped, 'TargetImage') AS target_image,
  element_at(unmapped, 'StartAddress') AS start_address,
  element_at(unmapped, 'StartModule') AS start_module,
  element_at(unmapped, 'StartFunction') AS start_function,
  region,
  accountid,
  eventday
FROM network_activity
WHERE metadata.event_code = '8'
