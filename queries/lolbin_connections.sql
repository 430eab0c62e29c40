-- name: System programs that seldom talk to the network, and did
-- description: Connections that were made by programs of Windows that run or fetch code for others (living off the
--   land), beyond this machine. rundll32.exe and msiexec.exe have lawful ones: look at the command line and the
--   address.
-- technique: T1218, T1105, T1197, T1220
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(min(time) / 1000e0) AS first_connection,
  from_unixtime(max(time) / 1000e0) AS last_connection,
  device.hostname AS host,
  coalesce(actor.user.domain || '\', '') || actor.user.name AS user_account,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS image,
  actor.process.cmd_line AS command_line,
  actor.process.parent_process.cmd_line AS parent_command_line,
  dst_endpoint.ip AS dst_ip,
  dst_endpoint.hostname AS dst_hostname,
  dst_endpoint.port AS dst_port,
  count(DISTINCT metadata.uid) AS connections
FROM network_activity
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND metadata.event_code = '3'
  AND connection_info.direction_id = 2
  AND lower(actor.process.name) IN (
    'bitsadmin.exe', 'certreq.exe', 'certutil.exe', 'cmstp.exe', 'control.exe', 'cscript.exe',
    'desktopimgdownldr.exe',
    'dnscmd.exe', 'esentutl.exe', 'expand.exe', 'extrac32.exe', 'finger.exe', 'forfiles.exe', 'ftp.exe', 'hh.exe',
    'ieexec.exe', 'installutil.exe', 'mavinject.exe', 'msbuild.exe', 'msdt.exe', 'mshta.exe', 'msiexec.exe',
    'msxsl.exe',
    'ntdsutil.exe', 'odbcconf.exe', 'presentationhost.exe', 'regasm.exe', 'regsvcs.exe', 'regsvr32.exe',
    'replace.exe',
    'rundll32.exe', 'sc.exe', 'wmic.exe', 'wscript.exe', 'xwizard.exe', 'notepad.exe', 'calc.exe', 'mspaint.exe'
  )
  AND NOT (dst_endpoint.ip LIKE '127.%' OR dst_endpoint.ip = '::1' OR dst_endpoint.ip LIKE '169.254.%'
    OR dst_endpoint.ip LIKE 'fe80:%'
    OR dst_endpoint.ip LIKE '22_.%' OR dst_endpoint.ip LIKE '23_.%' OR dst_endpoint.ip LIKE 'ff__:%'
      OR dst_endpoint.ip LIKE '255.%')
GROUP BY 3, 4, 5, 6, 7, 8, 9, 10
ORDER BY 1, 3, 8
