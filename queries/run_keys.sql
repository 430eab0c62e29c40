-- name: Programs that start at logon: run keys and Winlogon
-- description: Values that were set where Windows starts programs from: Run, RunOnce and their like, Winlogon's
--   Shell, Userinit and Notify, and the start-up folders. What installers and updaters of programs below Program
--   Files set for themselves is left out.
-- technique: T1547.001, T1547.004
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
    lower(target_object) LIKE '%\software\%microsoft\windows\currentversion\run\%'
    OR lower(target_object) LIKE '%\software\%microsoft\windows\currentversion\runonce\%'
    OR lower(target_object) LIKE '%\software\%microsoft\windows\currentversion\runonceex\%'
    OR lower(target_object) LIKE '%\software\%microsoft\windows\currentversion\runservices%\%'
    OR lower(target_object) LIKE '%\software\%microsoft\windows\currentversion\policies\explorer\run\%'
    OR lower(target_object) LIKE '%\currentversion\explorer\%shell folders\%startup'
    OR lower(target_object) LIKE '%\currentversion\windows\load'
    OR lower(target_object) LIKE '%\currentversion\winlogon\shell'
    OR lower(target_object) LIKE '%\currentversion\winlogon\userinit'
    OR lower(target_object) LIKE '%\currentversion\winlogon\notify\%'
  )
  AND NOT (
    coalesce(lower(image), '') LIKE 'c:\program files%'
    AND lower(replace(coalesce(details, ''), '"', '')) LIKE 'c:\program files%'
  )
ORDER BY time, host, target_object
