-- name: Office ► shell ► network
-- description: A shell or script host that an Office program (or a PDF reader) started, with the connections that
--   it and the processes that it started made. The usual way of a malicious document. One row for each process and
--   destination.
-- technique: T1566.001, T1204.002, T1059
-- kind: hunt
-- mapping: both
WITH shells AS (
  SELECT
    lower(process.uid) AS guid,
    device.hostname AS host,
    coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS office_image,
    process.cmd_line AS shell_command_line
  FROM process_activity
  WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
    AND metadata.event_code = '1'
    AND lower(actor.process.name) IN (
      'winword.exe', 'excel.exe', 'powerpnt.exe', 'outlook.exe', 'onenote.exe', 'msaccess.exe', 'mspub.exe',
      'visio.exe',
      'eqnedt32.exe', 'wordpad.exe', 'acrord32.exe', 'acrobat.exe'
    )
    AND lower(process.name) IN (
      'cmd.exe', 'powershell.exe', 'powershell_ise.exe', 'pwsh.exe', 'wscript.exe', 'cscript.exe', 'mshta.exe',
      'rundll32.exe', 'regsvr32.exe', 'bash.exe', 'msbuild.exe', 'wmic.exe', 'certutil.exe', 'bitsadmin.exe'
    )
),
descendants AS (
  SELECT guid AS shell_guid, guid
  FROM shells
  UNION
  SELECT shells.guid AS shell_guid, lower(children.process.uid) AS guid
  FROM process_activity AS children
  JOIN shells ON lower(children.process.parent_process.uid) = shells.guid
  WHERE children.eventday BETWEEN '20000101' AND '29991231' -- the days to look at
    AND children.metadata.event_code = '1'
)
SELECT
  from_unixtime(min(n.time) / 1000e0) AS first_connection,
  shells.host AS host,
  shells.office_image AS office_image,
  shells.shell_command_line AS shell_command_line,
  coalesce(n.actor.process.file.path, n.actor.process.file.name, n.actor.process.name) AS image,
  n.dst_endpoint.ip AS dst_ip,
  n.dst_endpoint.hostname AS dst_hostname,
  n.dst_endpoint.port AS dst_port,
  count(DISTINCT n.metadata.uid) AS connections
FROM network_activity AS n
JOIN descendants ON lower(n.actor.process.uid) = descendants.guid
JOIN shells ON shells.guid = descendants.shell_guid
WHERE n.eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND n.metadata.event_code = '3'
  AND n.connection_info.direction_id = 2
GROUP BY 2, 3, 4, 5, 6, 7, 8
ORDER BY 1, 2, 6
