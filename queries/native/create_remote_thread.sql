-- name: EventID 8, CreateRemoteThread
-- description: Threads that a process started in another one, by the fields of the event. The same columns over the
--   lakes of both mapping files.
-- kind: view
-- view: create_remote_thread
-- mapping: native
SELECT
  time,
  device.hostname AS host,
  actor.process.uid AS source_process_guid,
  actor.process.pid AS source_process_id,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS source_image,
  coalesce(actor.user.domain || '\', '') || actor.user.name AS source_user,
  process.uid AS target_process_guid,
  process.pid AS target_process_id,
  coalesce(process.file.path, process.file.name, process.name) AS target_image,
  module.start_address AS start_address,
  coalesce(module.file.path, module.file.name) AS start_module,
  module.function_name AS start_function,
  region,
  accountid,
  eventday
FROM process_activity
WHERE metadata.event_code = '8'
