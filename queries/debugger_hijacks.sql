-- name: Programs replaced through Image File Execution Options
-- description: Debugger, silent exit monitor or globalflag values of Image File Execution Options that were set:
--   Windows starts another program instead of, or after, the one that the key names. sethc.exe, utilman.exe and
--   their like give a shell on the logon screen.
-- technique: T1546.008, T1546.012
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(time / 1000e0) AS set_at,
  host,
  image,
  target_object,
  details
FROM registry_event
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND event_type = 'SetValue'
  AND (
    lower(target_object) LIKE '%\image file execution options\%\debugger'
    OR lower(target_object) LIKE '%\image file execution options\%\globalflag'
    OR lower(target_object) LIKE '%\silentprocessexit\%\monitorprocess'
  )
ORDER BY time, host, target_object
