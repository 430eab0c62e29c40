-- name: Logs and audit policies that were cleared
-- description: Commands that clear an event log, delete the journal of a volume, clear or disable audit policies,
--   unload Sysmon's driver, or add the key MiniNt, with which Windows stops logging.
-- technique: T1070.001, T1562.002
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
  AND (
    regexp_like(lower(process.cmd_line), 'wevtutil(\.exe)?["'']? +(cl|clear-log|sl .*/e:false)')
    OR regexp_like(lower(process.cmd_line), 'auditpol(\.exe)?["'']? +/?(clear|remove|set .*disable)')
    OR regexp_like(lower(process.cmd_line), 'fsutil(\.exe)?["'']? +usn +deletejournal')
    OR regexp_like(lower(process.cmd_line), 'fltmc(\.exe)?["'']? +unload +sysmon')
    OR regexp_like(lower(process.cmd_line), '(clear-eventlog|remove-eventlog)')
    OR regexp_like(lower(process.cmd_line), 'control\\minint')
  )
ORDER BY time, host
