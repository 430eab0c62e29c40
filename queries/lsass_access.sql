-- name: Processes that read the memory of lsass.exe
-- description: Handles to lsass.exe that let their owner read its memory (PROCESS_VM_READ, 0x10). unknown_code is 1
--   where the call came from memory that no module owns. What Windows and Defender do themselves is left out; add
--   your own agents to the list.
-- technique: T1003.001
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(min(time) / 1000e0) AS first_access,
  device.hostname AS host,
  coalesce(actor.user.domain || '\', '') || actor.user.name AS user_account,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS source_image,
  actual_permissions AS granted_access,
  CASE WHEN element_at(unmapped, 'CallTrace') LIKE '%UNKNOWN(%' THEN 1 ELSE 0 END AS unknown_code,
  min(element_at(unmapped, 'CallTrace')) AS call_trace,
  count(DISTINCT metadata.uid) AS accesses
FROM process_activity
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND metadata.event_code = '10'
  AND lower(process.name) = 'lsass.exe'
  AND actual_permissions % 32 >= 16 -- bit 0x10, PROCESS_VM_READ
  AND NOT (
    lower(coalesce(actor.process.file.path, '')) IN (
      'c:\windows\system32\csrss.exe',
      'c:\windows\system32\wininit.exe',
      'c:\windows\system32\lsass.exe',
      'c:\windows\system32\wbem\wmiprvse.exe'
    )
    AND coalesce(element_at(unmapped, 'CallTrace'), '') NOT LIKE '%UNKNOWN(%'
  )
  AND lower(coalesce(actor.process.file.path, '')) NOT LIKE 'c:\program files\windows defender\%'
  AND lower(coalesce(actor.process.file.path, '')) NOT LIKE 'c:\programdata\microsoft\windows defender\%'
GROUP BY 2, 3, 4, 5, 6
ORDER BY unknown_code DESC, first_access, host, granted_access
