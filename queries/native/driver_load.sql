-- name: EventID 6, DriverLoad
-- description: Drivers that were loaded, by the fields of the event. The same columns over the lakes of both
--   mapping files.
-- kind: view
-- view: driver_load
-- mapping: native
SELECT
  time,
  device.hostname AS host,
  coalesce(driver.file.path, driver.file.name) AS image_loaded,
  coalesce(element_at(unmapped, 'Hashes'),
    nullif(concat_ws(',',
      replace(element_at(driver.file.hashes, 1).algorithm, 'SHA-', 'SHA') || '=' || element_at(driver.file.hashes,
        1).value,
      replace(element_at(driver.file.hashes, 2).algorithm, 'SHA-', 'SHA') || '=' || element_at(driver.file.hashes,
        2).value,
      replace(element_at(driver.file.hashes, 3).algorithm, 'SHA-', 'SHA') || '=' || element_at(driver.file.hashes,
        3).value,
      replace(element_at(driver.file.hashes, 4).algorithm, 'SHA-', 'SHA') || '=' || element_at(driver.file.hashes,
        4).value), '')) AS hashes,
  CASE WHEN driver.file.signature.algorithm_id = 4 THEN 'true' ELSE element_at(unmapped, 'Signed') END AS signed,
  driver.file.signature.developer_uid AS signature,
  element_at(unmapped, 'SignatureStatus') AS signature_status,
  region,
  accountid,
  eventday
FROM kernel_extension
WHERE metadata.event_code = '6'
