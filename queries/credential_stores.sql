-- name: Copies of the SAM, NTDS and LSA secrets
-- description: Command lines that copy the stores of credentials: ntdsutil, reg save of SAM, SECURITY and SYSTEM,
--   esentutl and shadow copies, dumps of lsass by comsvcs.dll or procdump, and the words of mimikatz.
-- technique: T1003.001, T1003.002, T1003.003, T1003.004
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(time / 1000e0) AS launched,
  device.hostname AS host,
  coalesce(process.user.domain || '\', '') || process.user.name AS user_account,
  coalesce(process.file.path, process.file.name, process.name) AS image,
  process.cmd_line AS command_line,
  actor.process.cmd_line AS parent_command_line
FROM process_activity
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND metadata.event_code = '1'
  AND (
    (lower(process.cmd_line) LIKE '%ntdsutil%' AND lower(process.cmd_line) LIKE '%ifm%')
    OR regexp_like(
      lower(process.cmd_line),
      'reg(\.exe)?["'']? +(save|export) +["'']?(hklm|hkey_local_machine)\\(sam|security|system)'
    )
    OR regexp_like(lower(process.cmd_line), 'esentutl.*(/vss|sam|ntds)')
    OR regexp_like(lower(process.cmd_line), 'vssadmin(\.exe)? +create +shadow')
    OR regexp_like(lower(process.cmd_line), '(copy|xcopy|type).*harddiskvolumeshadowcopy')
    OR regexp_like(lower(process.cmd_line), 'comsvcs(\.dll)?["'']?[, ]+(minidump|#-?24)')
    OR regexp_like(lower(process.cmd_line), 'procdump.*lsass')
    OR regexp_like(lower(process.cmd_line), '(sekurlsa|lsadump|kerberos|crypto|vault)::')
  )
ORDER BY time, host
