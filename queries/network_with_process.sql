-- name: All connections, with their process where one is known
-- description: EventID 3 with the columns of sysmon_join, joined or not. What was written without its process is
--   looked up here among the processes of the lake. JOIN_OUTCOME says how it went: hit or late, joined when it was
--   written; query, found here; miss, not in the lake. Name the days of the connections in eventday.
-- kind: view
-- view: network_with_process
-- mapping: both
WITH launches AS (
  SELECT
    lower(process.uid) AS guid,
    process,
    unmapped,
    row_number() OVER (
      PARTITION BY lower(process.uid)
      ORDER BY time, metadata.uid, device.instance_uid, cardinality(unmapped) DESC, process.session.uid
    ) AS copy
  FROM process_activity
  WHERE metadata.event_code = '1'
)
SELECT
  CAST(n.time AS bigint) AS EVENT_DATE_CREATION,
  CAST(n.actor.process.uid AS varchar) AS PROCESS_GUID,
  CAST(n.actor.process.pid AS bigint) AS PROCESS_ID,
  CAST(coalesce(n.actor.process.file.path, n.actor.process.file.name, n.actor.process.name) AS varchar)
    AS PROCESS_PATH,
  CAST(coalesce(coalesce(n.actor.user.domain || '\', '') || n.actor.user.name,
    coalesce(p.process.user.domain || '\', '') || p.process.user.name) AS varchar) AS USER_ACCOUNT,
  CAST(n.connection_info.protocol_name AS varchar) AS NETWORK_PROTOCOL,
  CAST(CASE n.connection_info.direction_id WHEN 2 THEN 'true' WHEN 1 THEN 'false' END AS varchar)
    AS NETWORK_CONNECTION_INITIATED,
  CAST(CASE n.connection_info.protocol_ver_id WHEN 6 THEN 'true' WHEN 4 THEN 'false'
    ELSE CAST(strpos(n.src_endpoint.ip, ':') > 0 AS varchar) END AS varchar) AS SRC_IS_IPV6,
  CAST(n.src_endpoint.ip AS varchar) AS SRC_IP_ADDR,
  CAST(n.src_endpoint.hostname AS varchar) AS SRC_HOST_NAME,
  CAST(n.src_endpoint.port AS bigint) AS SRC_PORT,
  CAST(n.src_endpoint.svc_name AS varchar) AS SRC_PORT_NAME,
  CAST(coalesce(element_at(n.unmapped, 'DestinationIsIpv6'), CAST(strpos(n.dst_endpoint.ip, ':') > 0
    AS varchar)) AS varchar) AS DST_IS_IPV6,
  CAST(n.dst_endpoint.ip AS varchar) AS DST_IP_ADDR,
  CAST(n.dst_endpoint.hostname AS varchar) AS DST_HOST_NAME,
  CAST(n.dst_endpoint.port AS bigint) AS DST_PORT,
  CAST(n.dst_endpoint.svc_name AS varchar) AS DST_PORT_NAME,
  CAST(n.metadata.log_provider AS varchar) AS SOURCE_NAME,
  CAST(n.metadata.log_name AS varchar) AS LOG_NAME,
  CAST(coalesce(n.actor.process.cmd_line,
    p.process.cmd_line) AS varchar) AS PROCESS_COMMAND_LINE,
  CAST(coalesce(element_at(n.unmapped, 'Process.Hashes'),
    nullif(concat_ws(',',
      replace(element_at(n.actor.process.file.hashes, 1).algorithm, 'SHA-', 'SHA') || '='
        || element_at(n.actor.process.file.hashes, 1).value,
      replace(element_at(n.actor.process.file.hashes, 2).algorithm, 'SHA-', 'SHA') || '='
        || element_at(n.actor.process.file.hashes, 2).value,
      replace(element_at(n.actor.process.file.hashes, 3).algorithm, 'SHA-', 'SHA') || '='
        || element_at(n.actor.process.file.hashes, 3).value,
      replace(element_at(n.actor.process.file.hashes, 4).algorithm, 'SHA-', 'SHA') || '='
        || element_at(n.actor.process.file.hashes, 4).value), ''),
    element_at(p.unmapped, 'Hashes'),
    nullif(concat_ws(',',
      replace(element_at(p.process.file.hashes, 1).algorithm, 'SHA-', 'SHA') || '='
        || element_at(p.process.file.hashes, 1).value,
      replace(element_at(p.process.file.hashes, 2).algorithm, 'SHA-', 'SHA') || '='
        || element_at(p.process.file.hashes, 2).value,
      replace(element_at(p.process.file.hashes, 3).algorithm, 'SHA-', 'SHA') || '='
        || element_at(p.process.file.hashes, 3).value,
      replace(element_at(p.process.file.hashes, 4).algorithm, 'SHA-', 'SHA') || '='
        || element_at(p.process.file.hashes, 4).value), '')) AS varchar) AS HASHES,
  CAST(coalesce(coalesce(n.actor.process.parent_process.file.path, n.actor.process.parent_process.file.name,
    n.actor.process.parent_process.name),
    coalesce(p.process.parent_process.file.path, p.process.parent_process.file.name,
      p.process.parent_process.name)) AS varchar) AS PARENT_PROCESS_PATH,
  CAST(coalesce(n.actor.process.parent_process.cmd_line,
    p.process.parent_process.cmd_line) AS varchar) AS PARENT_PROCESS_COMMAND_LINE,
  CAST('{' || replace(replace(coalesce(n.actor.process.session.uuid,
    p.process.session.uuid), '{', ''), '}', '') || '}' AS varchar) AS USER_LOGON_GUID,
  CAST(coalesce(n.actor.process.session.uid,
    p.process.session.uid) AS varchar) AS USER_LOGON_ID,
  CAST(TRY_CAST(coalesce(element_at(n.unmapped, 'Process.TerminalSessionId'),
    element_at(p.unmapped, 'TerminalSessionId')) AS bigint) AS bigint) AS USER_SESSION_ID,
  CAST(coalesce(element_at(n.unmapped, 'Process.CurrentDirectory'),
    element_at(p.unmapped, 'CurrentDirectory')) AS varchar) AS PROCESS_CURRENT_DIRECTORY,
  CAST(coalesce(n.actor.process.integrity,
    p.process.integrity) AS varchar) AS PROCESS_INTEGRITY_LEVEL,
  CAST(coalesce(n.actor.process.parent_process.uid,
    p.process.parent_process.uid) AS varchar) AS PARENT_PROCESS_GUID,
  CAST(coalesce(n.actor.process.parent_process.pid,
    p.process.parent_process.pid) AS bigint) AS PARENT_PROCESS_ID,
  CASE
    WHEN element_at(n.unmapped, 'join') IN ('hit', 'late') THEN element_at(n.unmapped, 'join')
    WHEN p.guid IS NOT NULL THEN 'query'
    ELSE 'miss'
  END AS JOIN_OUTCOME,
  n.device.hostname AS host,
  n.region AS region,
  n.accountid AS accountid,
  n.eventday AS eventday
FROM network_activity n
LEFT JOIN launches p
  ON p.guid = lower(n.actor.process.uid)
  AND p.copy = 1
  AND coalesce(element_at(n.unmapped, 'join'), 'miss') NOT IN ('hit', 'late')
WHERE n.metadata.event_code = '3'
