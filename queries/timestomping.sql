-- name: Files made to look older
-- description: Processes that set the creation time of files back by more than a day. Installers, archivers and
--   agents do that to whole trees of files: a process that did it to many is left out, and so are the programs that
--   keep the times of what they unpack or synchronise.
-- technique: T1070.006
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(min(time) / 1000e0) AS first_change,
  device.hostname AS host,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS image,
  count(DISTINCT file.path) AS files,
  min(file.path) AS first_file,
  round(max(file.created_time - file_result.created_time) / 86400000e0, 1) AS days_back_max
FROM file_activity
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND metadata.event_code = '2'
  AND file.created_time - file_result.created_time > 86400000
  AND coalesce(lower(actor.process.name), '') NOT IN (
    '7z.exe', '7zfm.exe', '7zg.exe', 'winrar.exe', 'winzip64.exe', 'msiexec.exe', 'tiworker.exe',
    'trustedinstaller.exe',
    'onedrive.exe', 'dropbox.exe', 'googledrivefs.exe', 'robocopy.exe', 'searchui.exe', 'startmenuexperiencehost.exe',
    'runtimebroker.exe', 'backgroundtaskhost.exe'
  )
  AND lower(file.path) NOT LIKE '%\recent\customdestinations\%' -- jump lists
GROUP BY device.hostname, actor.process.uid, coalesce(actor.process.file.path, actor.process.file.name,
  actor.process.name)
HAVING count(DISTINCT file.path) <= 20
ORDER BY first_change, host
