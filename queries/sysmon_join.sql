-- name: Connections with the process that made them
-- description: EventID 3 where the join found the process: the columns of SYSMON_JOIN, the stream that Confluent's
--   recipe "Sysmon Event Processing" ends in, by name and order. Connections without a process are in
--   network_with_process.
-- kind: view
-- view: sysmon_join
-- mapping: both
SELECT
  CAST(time AS bigint) AS EVENT_DATE_CREATION,
  CAST(actor.process.uid AS varchar) AS PROCESS_GUID,
  CAST(actor.process.pid AS bigint) AS PROCESS_ID,
  CAST(coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS varchar) AS PROCESS_PATH,
  CAST(coalesce(actor.user.domain || '\', '') || actor.user.name AS varchar) AS USER_ACCOUNT,
  CAST(connection_info.protocol_name AS varchar) AS NETWORK_PROTOCOL,
  CAST(CASE connection_info.direction_id WHEN 2 THEN 'true' WHEN 1 THEN 'false' END AS varchar)
    AS NETWORK_CONNECTION_INITIATED,
  CAST(CASE connection_info.protocol_ver_id WHEN 6 THEN 'true' WHEN 4 THEN 'false'
    ELSE CAST(strpos(src_endpoint.ip, ':') > 0 AS varchar) END AS varchar) AS SRC_IS_IPV6,
  CAST(src_endpoint.ip AS varchar) AS SRC_IP_ADDR,
  CAST(src_endpoint.hostname AS varchar) AS SRC_HOST_NAME,
  CAST(src_endpoint.port AS bigint) AS SRC_PORT,
  CAST(src_endpoint.svc_name AS varchar) AS SRC_PORT_NAME,
  CAST(coalesce(element_at(unmapped, 'DestinationIsIpv6'), CAST(strpos(dst_endpoint.ip, ':') > 0 AS varchar))
    AS varchar) AS DST_IS_IPV6,
  CAST(dst_endpoint.ip AS varchar) AS DST_IP_ADDR,
  CAST(dst_endpoint.hostname AS varchar) AS DST_HOST_NAME,
  CAST(dst_endpoint.port AS bigint) AS DST_PORT,
  CAST(dst_endpoint.svc_name AS varchar) AS DST_PORT_NAME,
  CAST(metadata.log_provider AS varchar) AS SOURCE_NAME,
  CAST(metadata.log_name AS varchar) AS LOG_NAME,
  CAST(actor.process.cmd_line AS varchar) AS PROCESS_COMMAND_LINE,
  CAST(coalesce(element_at(unmapped, 'Process.Hashes'),
    nullif(concat_ws(',',
      replace(element_at(actor.process.file.hashes, 1).algorithm, 'SHA-', 'SHA') || '='
        || element_at(actor.process.file.hashes, 1).value,
      replace(element_at(actor.process.file.hashes, 2).algorithm, 'SHA-', 'SHA') || '='
        || element_at(actor.process.file.hashes, 2).value,
      replace(element_at(actor.process.file.hashes, 3).algorithm, 'SHA-', 'SHA') || '='
        || element_at(actor.process.file.hashes, 3).value,
      replace(element_at(actor.process.file.hashes, 4).algorithm, 'SHA-', 'SHA') || '='
        || element_at(actor.process.file.hashes, 4).value), '')) AS varchar) AS HASHES,
  CAST(coalesce(actor.process.parent_process.file.path, actor.process.parent_process.file.name,
    actor.process.parent_process.name) AS varchar) AS PARENT_PROCESS_PATH,
  CAST(actor.process.parent_process.cmd_line AS varchar) AS PARENT_PROCESS_COMMAND_LINE,
  CAST('{' || replace(replace(actor.process.session.uuid, '{', ''), '}', '') || '}' AS varchar) AS USER_LOGON_GUID,
  CAST(actor.process.session.uid AS varchar) AS USER_LOGON_ID,
  CAST(TRY_CAST(element_at(unmapped, 'Process.TerminalSessionId') AS bigint) AS bigint) AS USER_SESSION_ID,
  CAST(element_at(unmapped, 'Process.CurrentDirectory') AS varchar) AS PROCESS_CURRENT_DIRECTORY,
  CAST(actor.process.integrity AS varchar) AS PROCESS_INTEGRITY_LEVEL,
  CAST(actor.process.parent_process.uid AS varchar) AS PARENT_PROCESS_GUID,
  CAST(actor.process.parent_process.pid AS bigint) AS PARENT_PROCESS_ID
FROM network_activity
WHERE metadata.event_code = '3' AND element_at(unmapped, 'join') IN ('hit', 'late')
