-- name: EventIDs 19 to 21, WmiEvent
-- description: Filters, consumers and bindings of WMI that were made, changed or deleted, by the fields of the
--   events. The same columns over the lakes of both mapping files.
-- kind: view
-- view: wmi_event
-- mapping: native
SELECT
  time,
  device.hostname AS host,
  CASE metadata.event_code WHEN '19' THEN 'WmiFilterEvent' WHEN '20' THEN 'WmiConsumerEvent' ELSE 'WmiBindingEvent' END
    AS event_type,
  CASE activity_id WHEN 1 THEN 'Created' WHEN 3 THEN 'Modified' WHEN 4 THEN 'Deleted'
    ELSE element_at(unmapped, 'Operation') END AS operation,
  coalesce(actor.user.domain || '\', '') || actor.user.name AS user_account,
  element_at(unmapped, 'Name') AS name,
  json_extract_scalar(entity.data, '$.Query') AS query,
  json_extract_scalar(entity.data, '$.Type') AS consumer_type,
  json_extract_scalar(entity.data, '$.Destination') AS destination,
  json_extract_scalar(entity.data, '$.Consumer') AS consumer,
  json_extract_scalar(entity.data, '$.Filter') AS filter,
  region,
  accountid,
  eventday
FROM entity_management
WHERE metadata.event_code IN ('19', '20', '21')
