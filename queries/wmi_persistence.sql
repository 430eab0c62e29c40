-- name: Subscriptions of WMI
-- description: Consumers that run a command or a script, filters, and bindings of the two that were made or
--   changed. The consumers that Windows has by itself are left out. A filter, its consumer and their binding on one
--   host within seconds are a finding.
-- technique: T1546.003
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(time / 1000e0) AS at,
  host,
  event_type,
  operation,
  user_account,
  trim(replace(replace(coalesce(name, consumer), '\"', ''), '"', '')) AS name,
  consumer_type,
  destination,
  query,
  filter
FROM wmi_event
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND coalesce(operation, 'Created') <> 'Deleted'
  AND coalesce(name, '') || coalesce(consumer, '') NOT LIKE '%SCM Event Log %'
  AND coalesce(name, '') || coalesce(consumer, '') NOT LIKE '%BVTConsumer%'
  AND coalesce(name, '') || coalesce(filter, '') NOT LIKE '%BVTFilter%'
ORDER BY time, host, event_type
