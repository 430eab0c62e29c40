-- name: PowerShell with hidden or encoded commands
-- description: Launches of PowerShell whose command line holds an encoded command, hides its window without a
--   profile, or fetches what it runs. parent_image tells who wanted it.
-- technique: T1059.001, T1027.010
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(time / 1000e0) AS launched,
  device.hostname AS host,
  coalesce(process.user.domain || '\', '') || process.user.name AS user_account,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS parent_image,
  process.cmd_line AS command_line
FROM process_activity
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND metadata.event_code = '1'
  AND lower(process.name) IN ('powershell.exe', 'pwsh.exe', 'powershell_ise.exe')
  AND (
    regexp_like(lower(process.cmd_line), '[-/](e|ec|en|enc|enco[a-z]*) +["'']?[a-z0-9+/=]{20,}')
    OR lower(process.cmd_line) LIKE '%frombase64string%'
    OR lower(process.cmd_line) LIKE '%downloadstring%'
    OR lower(process.cmd_line) LIKE '%downloadfile%'
    OR lower(process.cmd_line) LIKE '%io.compression%'
    OR (
      regexp_like(lower(process.cmd_line), '[-/]w[a-z]* +["'']?(1|hid[a-z]*)')
      AND regexp_like(lower(process.cmd_line), '[-/](nop|noni)[a-z]*')
    )
  )
ORDER BY time, host
