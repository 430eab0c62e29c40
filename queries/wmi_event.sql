-- name: EventIDs 19 to 21, WmiEvent
-- description: Filters, consumers and bindings of WMI that were made, changed or deleted, by the fields of the
--   events. The same columns over the lakes of both mapping files.
-- kind: view
-- view: wmi_event
-- mapping: class
SELECT
  time,
  device.hostname AS host,
  CASE metadata.event_code WHEN '19' THEN 'WmiFilterEvent' WHEN '20' THEN 'WmiConsumerEvent' ELSE 'WmiBindingEvent' END
    AS event_type,
  element_at(unmapped, 'Operation') AS operation,
  coalesce(actor.user.domain || '\', '') || actor.user.name AS user_account,
  element_at(unmapped, 'Name') AS name,
  element_at(unmapped, 'Query') AS query,
  element_at(unmapped, 'Type') AS consumer_type,
  element_at(unmapped, 'Destination') AS destination,
  element_at(unmapped, 'Consumer') AS consumer,
  element_at(unmapped, 'Filter') AS filter,
  region,
  accountid,
  eventday
FROM process_activity
WHERE metadata.event_code IN ('19', '20', '21')
