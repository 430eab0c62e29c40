/**
 * The view `sysmon_join`: connections beside the process that made them, in the columns of SYSMON_JOIN, the stream
 * that Confluent's KSQL recipe "Sysmon Event Processing" ends in. Values are those of the events, but for `-`, which
 * is NULL, and for addresses of version 6, which the lake keeps as RFC 5952 writes them.
 */

interface JoinColumn {
  readonly name: string;
  readonly type: 'BIGINT' | 'VARCHAR';
  /** SQL over network_activity as OCSFmapping.json fills it. */
  readonly value: string;
}

const text = (name: string, value: string): JoinColumn => ({ name, type: 'VARCHAR', value });
const integer = (name: string, value: string): JoinColumn => ({ name, type: 'BIGINT', value });

/** Where the address tells it, an address with a colon is one of version 6. */
const isIpv6 = (address: string): string => `CAST(contains(${address}, ':') AS VARCHAR)`;

/** `SHA-1` is OCSF's caption of what Sysmon calls SHA1. A list that did not convert is kept whole in `unmapped`. */
const HASHES = `coalesce(
    unmapped['Process.Hashes'],
    array_to_string(
      [replace(hash.algorithm, 'SHA-', 'SHA') || '=' || hash.value FOR hash IN actor.process.file.hashes],
      ','))`;

/** OCSF's uuid_t is written without the braces of a GUID. */
const LOGON_GUID = `'{' || trim(actor.process.session.uuid, '{}') || '}'`;

/** An image that is no path, such as System, is a name alone. */
const imageOf = (process: string): string =>
  `coalesce(${process}.file.path, ${process}.file.name, ${process}.name)`;

/** In the recipe's order: 19 columns of the connection, then 11 of the process. */
const COLUMNS: readonly JoinColumn[] = [
  integer('EVENT_DATE_CREATION', 'time'),
  text('PROCESS_GUID', 'actor.process.uid'),
  integer('PROCESS_ID', 'actor.process.pid'),
  text('PROCESS_PATH', imageOf('actor.process')),
  text('USER_ACCOUNT', `coalesce(actor.user.domain || '\\', '') || actor.user.name`),
  text('NETWORK_PROTOCOL', 'connection_info.protocol_name'),
  text(
    'NETWORK_CONNECTION_INITIATED',
    `CASE connection_info.direction_id WHEN 2 THEN 'true' WHEN 1 THEN 'false' END`,
  ),
  text(
    'SRC_IS_IPV6',
    `CASE connection_info.protocol_ver_id WHEN 6 THEN 'true' WHEN 4 THEN 'false' ELSE ${isIpv6('src_endpoint.ip')} END`,
  ),
  text('SRC_IP_ADDR', 'src_endpoint.ip'),
  text('SRC_HOST_NAME', 'src_endpoint.hostname'),
  integer('SRC_PORT', 'src_endpoint.port'),
  text('SRC_PORT_NAME', 'src_endpoint.svc_name'),
  text('DST_IS_IPV6', `coalesce(unmapped['DestinationIsIpv6'], ${isIpv6('dst_endpoint.ip')})`),
  text('DST_IP_ADDR', 'dst_endpoint.ip'),
  text('DST_HOST_NAME', 'dst_endpoint.hostname'),
  integer('DST_PORT', 'dst_endpoint.port'),
  text('DST_PORT_NAME', 'dst_endpoint.svc_name'),
  text('SOURCE_NAME', 'metadata.log_provider'),
  text('LOG_NAME', 'metadata.log_name'),
  text('PROCESS_COMMAND_LINE', 'actor.process.cmd_line'),
  text('HASHES', HASHES),
  text('PARENT_PROCESS_PATH', imageOf('actor.process.parent_process')),
  text('PARENT_PROCESS_COMMAND_LINE', 'actor.process.parent_process.cmd_line'),
  text('USER_LOGON_GUID', LOGON_GUID),
  text('USER_LOGON_ID', 'actor.process.session.uid'),
  integer('USER_SESSION_ID', `TRY_CAST(unmapped['Process.TerminalSessionId'] AS BIGINT)`),
  text('PROCESS_CURRENT_DIRECTORY', `unmapped['Process.CurrentDirectory']`),
  text('PROCESS_INTEGRITY_LEVEL', 'actor.process.integrity'),
  text('PARENT_PROCESS_GUID', 'actor.process.parent_process.uid'),
  integer('PARENT_PROCESS_ID', 'actor.process.parent_process.pid'),
];

export const SYSMON_JOIN_VIEW = 'sysmon_join';

/** The class that the view reads. */
export const SYSMON_JOIN_SCHEMA = 'network_activity';

/** The names of the view's columns, in their order. */
export const SYSMON_JOIN_COLUMNS: readonly string[] = COLUMNS.map(({ name }) => name);

/**
 * The view as a SELECT over network_activity: EventID 3 where the join found the process. The recipe's join is an
 * inner one; unjoined connections are in network_activity.
 */
export const sysmonJoinSql = (): string => `SELECT
  ${COLUMNS.map(({ name, type, value }) => `CAST(${value} AS ${type}) AS ${name}`).join(',\n  ')}
FROM ${SYSMON_JOIN_SCHEMA}
WHERE metadata.event_code = '3' AND unmapped['join'] IN ('hit', 'late')`;

/**
 * The same columns without rows.
 * @param condition SQL of the only row's condition: what it raises, every query of the view raises
 */
export const emptySysmonJoinSql = (condition = 'false'): string => `SELECT
  ${COLUMNS.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${name}`).join(',\n  ')}
WHERE ${condition}`;
