-- name: Connections at even intervals
-- description: Processes that connect to the same address and port again and again: 8 connections or more at least
--   2 seconds apart, and jitter, the deviation of the intervals over their average, below 0.5. Browsers, name
--   servers and directory services are left out. Sysmon has no event for a connection that is kept open.
-- technique: T1071.001, T1571, T1573
-- kind: hunt
-- mapping: both
WITH connections AS (
  SELECT DISTINCT
    device.hostname AS host,
    coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS image,
    lower(actor.process.uid) AS process_guid,
    dst_endpoint.ip AS dst_ip,
    dst_endpoint.port AS dst_port,
    time - time % 1000 AS time
  FROM network_activity
  WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
    AND metadata.event_code = '3'
    AND connection_info.direction_id = 2
    AND NOT (dst_endpoint.ip LIKE '127.%' OR dst_endpoint.ip = '::1' OR dst_endpoint.ip LIKE '169.254.%'
      OR dst_endpoint.ip LIKE 'fe80:%'
      OR dst_endpoint.ip LIKE '22_.%' OR dst_endpoint.ip LIKE '23_.%' OR dst_endpoint.ip LIKE 'ff__:%'
        OR dst_endpoint.ip LIKE '255.%')
    AND dst_endpoint.port NOT IN (53, 88, 123, 135, 137, 138, 389, 445, 636, 3268, 5353, 5355)
    AND coalesce(lower(actor.process.name), '') NOT IN (
      'chrome.exe', 'firefox.exe', 'msedge.exe', 'microsoftedge.exe', 'microsoftedgecp.exe', 'iexplore.exe',
      'brave.exe',
      'opera.exe', 'dns.exe', 'lsass.exe', 'dfsrs.exe', 'msmpeng.exe', 'mssense.exe'
    )
),
intervals AS (
  SELECT
    *,
    (time - lag(time) OVER (PARTITION BY host, process_guid, dst_ip, dst_port ORDER BY time)) / 1000e0
      AS interval_seconds
  FROM connections
)
SELECT
  from_unixtime(min(time) / 1000e0) AS first_connection,
  from_unixtime(max(time) / 1000e0) AS last_connection,
  host,
  image,
  process_guid,
  dst_ip,
  dst_port,
  count(*) AS connections,
  round(avg(interval_seconds), 1) AS interval_seconds_avg,
  round(stddev_pop(interval_seconds) / avg(interval_seconds), 2) AS jitter
FROM intervals
GROUP BY 3, 4, 5, 6, 7
HAVING count(*) >= 8
  AND avg(interval_seconds) >= 2
  AND stddev_pop(interval_seconds) / avg(interval_seconds) < 0.5
ORDER BY jitter, host, dst_ip
