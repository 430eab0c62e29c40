-- name: EventID 6, DriverLoad
-- description: Drivers that were loaded, by the fields of the event. The same columns over the lakes of both
--   mapping files.
-- kind: view
-- view: driver_load
-- mapping: class
SELECT
  time,
  device.hostname AS host,
  kernel.path AS image_loaded,
  element_at(unmapped, 'Hashes') AS hashes,
  element_at(unmapped, 'Signed') AS signed,
  element_at(unmapped, 'Signature') AS signature,
  element_at(unmapped, 'SignatureStatus') AS signature_status,
  region,
  accountid,
  eventday
FROM kernel_activity
WHERE metadata.event_code = '6'
