-- name: Threads started in other processes
-- description: Processes that started a thread in another one: injection of code. unbacked is 1 where the thread
--   begins in memory that no module owns. What csrss.exe does for Ctrl+C and the like is left out, and what a
--   program does to another of its own image.
-- technique: T1055
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(min(time) / 1000e0) AS first_thread,
  host,
  source_image,
  source_user,
  target_image,
  start_module,
  start_function,
  CASE WHEN start_module IS NULL THEN 1 ELSE 0 END AS unbacked,
  count(*) AS threads
FROM create_remote_thread
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND coalesce(lower(source_image) <> lower(target_image), true)
  AND NOT (
    coalesce(lower(source_image), '') = 'c:\windows\system32\csrss.exe'
    AND coalesce(start_function, '') IN ('CtrlRoutine', 'DbgUiRemoteBreakin')
  )
  AND coalesce(lower(source_image), '') NOT IN (
    'c:\windows\system32\wininit.exe',
    'c:\windows\system32\winlogon.exe',
    'c:\windows\system32\services.exe'
  )
  AND coalesce(lower(source_image), '') NOT LIKE 'c:\program files\windows defender\%'
GROUP BY 2, 3, 4, 5, 6, 7, 8
ORDER BY unbacked DESC, first_thread, host
