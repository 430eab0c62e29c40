-- name: Shells that came over the network: services, WMI, WinRM, DCOM
-- description: Shells whose parent is what Windows runs remote commands with: services.exe (PsExec and services
--   that are shells), WmiPrvSE.exe, wsmprovhost.exe and winrshost.exe, or mmc.exe with -Embedding (DCOM).
-- technique: T1569.002, T1047, T1021.006, T1021.003
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(time / 1000e0) AS launched,
  device.hostname AS host,
  coalesce(process.user.domain || '\', '') || process.user.name AS user_account,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS parent_image,
  actor.process.cmd_line AS parent_command_line,
  process.cmd_line AS command_line
FROM process_activity
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND metadata.event_code = '1'
  AND (
    lower(actor.process.name) IN ('services.exe', 'psexesvc.exe', 'wmiprvse.exe', 'wsmprovhost.exe', 'winrshost.exe')
    OR (lower(actor.process.name) = 'mmc.exe' AND lower(actor.process.cmd_line) LIKE '%-embedding%')
  )
  AND lower(process.name) IN (
    'cmd.exe', 'powershell.exe', 'pwsh.exe', 'wscript.exe', 'cscript.exe', 'mshta.exe', 'rundll32.exe',
    'regsvr32.exe',
    'net.exe', 'msbuild.exe'
  )
ORDER BY time, host
