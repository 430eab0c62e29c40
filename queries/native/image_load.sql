-- name: EventID 7, ImageLoad
-- description: Images (modules) that processes loaded, by the fields of the event. The same columns over the lakes
--   of both mapping files.
-- kind: view
-- view: image_load
-- mapping: native
SELECT
  time,
  device.hostname AS host,
  actor.process.uid AS process_guid,
  actor.process.pid AS process_id,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS image,
  coalesce(module.file.path, module.file.name) AS image_loaded,
  coalesce(element_at(unmapped, 'Hashes'),
    nullif(concat_ws(',',
      replace(element_at(module.file.hashes, 1).algorithm, 'SHA-', 'SHA') || '=' || element_at(module.file.hashes,
        1).value,
      replace(element_at(module.file.hashes, 2).algorithm, 'SHA-', 'SHA') || '=' || element_at(module.file.hashes,
        2).value,
      replace(element_at(module.file.hashes, 3).algorithm, 'SHA-', 'SHA') || '=' || element_at(module.file.hashes,
        3).value,
      replace(element_at(module.file.hashes, 4).algorithm, 'SHA-', 'SHA') || '=' || element_at(module.file.hashes,
        4).value), '')) AS hashes,
  CASE WHEN module.file.signature.algorithm_id = 4 THEN 'true' ELSE element_at(unmapped, 'Signed') END AS signed,
  module.file.signature.developer_uid AS signature,
  element_at(unmapped, 'SignatureStatus') AS signature_status,
  region,
  accountid,
  eventday
FROM module_activity
WHERE metadata.event_code = '7'
