/** What Winlogbeat's sysmon module makes of the answer to a DNS query (EventID 22), undone. */
import { isIPv4, isIPv6 } from 'node:net';
import { isJsonObject, textOf } from './json.ts';
import type { Leaves } from './json.ts';

/** Names to numbers, from a list in which each name has the number in front of it or one more than the name before. */
const numbered = (list: string): ReadonlyMap<unknown, number> => {
  const numbers = new Map<unknown, number>();
  let next = 0;
  for (const word of list.trim().split(/\s+/)) {
    if (/^\d/.test(word)) next = Number(word);
    else numbers.set(word, next++);
  }
  return numbers;
};

/** Windows' error codes that a DNS client can meet, by the names that the module writes for them. */
const DNS_STATUS = numbered(`
  0 SUCCESS 5 ERROR_ACCESS_DENIED 8 ERROR_NOT_ENOUGH_MEMORY 13 ERROR_INVALID_DATA ERROR_OUTOFMEMORY
  123 ERROR_INVALID_NAME 1214 ERROR_INVALID_NETNAME 1223 ERROR_CANCELLED 1460 ERROR_TIMEOUT
  4312 ERROR_OBJECT_NOT_FOUND
  9001 DNS_ERROR_RCODE_FORMAT_ERROR DNS_ERROR_RCODE_SERVER_FAILURE DNS_ERROR_RCODE_NAME_ERROR
    DNS_ERROR_RCODE_NOT_IMPLEMENTED DNS_ERROR_RCODE_REFUSED DNS_ERROR_RCODE_YXDOMAIN DNS_ERROR_RCODE_YXRRSET
    DNS_ERROR_RCODE_NXRRSET DNS_ERROR_RCODE_NOTAUTH DNS_ERROR_RCODE_NOTZONE
  9016 DNS_ERROR_RCODE_BADSIG DNS_ERROR_RCODE_BADKEY DNS_ERROR_RCODE_BADTIME
  9501 DNS_INFO_NO_RECORDS DNS_ERROR_BAD_PACKET DNS_ERROR_NO_PACKET DNS_ERROR_RCODE DNS_ERROR_UNSECURE_PACKET
    DNS_REQUEST_PENDING
  9551 DNS_ERROR_INVALID_TYPE DNS_ERROR_INVALID_IP_ADDRESS DNS_ERROR_INVALID_PROPERTY DNS_ERROR_TRY_AGAIN_LATER
    DNS_ERROR_NOT_UNIQUE DNS_ERROR_NON_RFC_NAME DNS_STATUS_FQDN DNS_STATUS_DOTTED_NAME
    DNS_STATUS_SINGLE_PART_NAME DNS_ERROR_INVALID_NAME_CHAR DNS_ERROR_NUMERIC_NAME
    DNS_ERROR_NOT_ALLOWED_ON_ROOT_SERVER DNS_ERROR_NOT_ALLOWED_UNDER_DELEGATION
    DNS_ERROR_CANNOT_FIND_ROOT_HINTS DNS_ERROR_INCONSISTENT_ROOT_HINTS DNS_ERROR_DWORD_VALUE_TOO_SMALL
    DNS_ERROR_DWORD_VALUE_TOO_LARGE DNS_ERROR_BACKGROUND_LOADING DNS_ERROR_NOT_ALLOWED_ON_RODC
    DNS_ERROR_NOT_ALLOWED_UNDER_DNAME DNS_ERROR_DELEGATION_REQUIRED DNS_ERROR_INVALID_POLICY_TABLE
    DNS_ERROR_ADDRESS_REQUIRED
  9601 DNS_ERROR_ZONE_DOES_NOT_EXIST
  9701 DNS_ERROR_RECORD_DOES_NOT_EXIST DNS_ERROR_RECORD_FORMAT DNS_ERROR_NODE_CREATION_FAILED
    DNS_ERROR_UNKNOWN_RECORD_TYPE DNS_ERROR_RECORD_TIMED_OUT DNS_ERROR_NAME_NOT_IN_ZONE DNS_ERROR_CNAME_LOOP
    DNS_ERROR_NODE_IS_CNAME DNS_ERROR_CNAME_COLLISION DNS_ERROR_RECORD_ONLY_AT_ZONE_ROOT
    DNS_ERROR_RECORD_ALREADY_EXISTS DNS_ERROR_SECONDARY_DATA DNS_ERROR_NO_CREATE_CACHE_DATA
    DNS_ERROR_NAME_DOES_NOT_EXIST DNS_WARNING_PTR_CREATE_FAILED DNS_WARNING_DOMAIN_UNDELETED
    DNS_ERROR_DS_UNAVAILABLE DNS_ERROR_DS_ZONE_ALREADY_EXISTS DNS_ERROR_NO_BOOTFILE_IF_DS_ZONE
    DNS_ERROR_NODE_IS_DNAME DNS_ERROR_DNAME_COLLISION DNS_ERROR_ALIAS_LOOP
  9851 DNS_ERROR_NO_TCPIP DNS_ERROR_NO_DNS_SERVERS
  10054 WSAECONNRESET WSAENOBUFS 10060 WSAETIMEDOUT
`);

/** A number without a name has been left as it was. */
export const queryStatus = (leaves: Leaves): string | undefined => {
  const status = textOf(leaves.get('sysmon.dns.status'));
  return /^\d+$/.test(status) ? status : DNS_STATUS.get(status)?.toString();
};

/** Numbers of the DNS record types that the module names. */
const DNS_TYPES = numbered(`
  1 A NS MD MF CNAME SOA MB MG MR NULL WKS PTR HINFO MINFO MX TXT RP AFSDB X25 ISDN RT NSAP NSAPPTR SIG KEY PX GPOS
    AAAA LOC NXT EID NIMLOC SRV ATMA NAPTR KX CERT A6 DNAME SINK OPT
  43 DS 46 RRSIG NSEC DNSKEY DHCID
  100 UINFO UID GID UNSPEC 248 ADDRS TKEY TSIG IXFR AXFR MAILB MAILA ANY 65281 WINS WINSR
`);

/** One answer as Sysmon writes it in QueryResults: an address, IPv4 ones mapped into IPv6, or a type and a name. */
const queryResult = (type: unknown, data: string): string => {
  if (type === 'A' && isIPv4(data)) return `::ffff:${data};`;
  if (type === 'AAAA' && isIPv6(data)) return `${data};`;
  const number = DNS_TYPES.get(type);
  return number === undefined || data === '' ? '' : `type:  ${number} ${data};`;
};

/** Without the answers whose type the module did not know (HTTPS, say) or whose name it has left out. */
export const queryResults = (leaves: Leaves): string | undefined => {
  const answers = leaves.get('dns.answers');
  if (!Array.isArray(answers)) return undefined;
  let text = '';
  for (const answer of answers as readonly unknown[]) {
    if (isJsonObject(answer)) text += queryResult(answer.type, textOf(answer.data));
  }
  return text === '' ? undefined : text;
};
