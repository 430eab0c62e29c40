/**
 * The names that Security Lake has for OCSF classes: `eventClasses` of CreateCustomLogSource takes these alone.
 * https://docs.aws.amazon.com/security-lake/latest/userguide/adding-custom-sources.html#ocsf-eventclass
 */

/**
 * AWS has published two lists: that of the API reference, whose names the sample for Sysmon uses, and the later one of
 * the user guide. Both are taken.
 */
const EVENT_CLASSES: ReadonlySet<string> = new Set([
  ...['ACCESS_ACTIVITY', 'ACCOUNT_CHANGE', 'API_ACTIVITY', 'APPLICATION_LIFECYCLE', 'AUTHENTICATION'],
  ...['AUTHORIZATION', 'AUTHORIZE_SESSION', 'CLOUD_API', 'COMPLIANCE_FINDING', 'CONFIG_STATE'],
  ...['DATASTORE_ACTIVITY', 'DETECTION_FINDING', 'DEVICE_CONFIG_STATE', 'DEVICE_CONFIG_STATE_CHANGE'],
  ...['DEVICE_INVENTORY_INFO', 'DHCP_ACTIVITY', 'DNS_ACTIVITY', 'EMAIL_ACTIVITY', 'EMAIL_FILE_ACTIVITY'],
  ...['EMAIL_URL_ACTIVITY', 'ENTITY_MANAGEMENT', 'ENTITY_MANAGEMENT_AUDIT', 'FILE_ACTIVITY'],
  ...['FILE_HOSTING_ACTIVITY', 'FILE_SYSTEM_ACTIVITY', 'FTP_ACTIVITY', 'GROUP_MANAGEMENT', 'HTTP_ACTIVITY'],
  ...['INCIDENT_FINDING', 'INVENTORY_INFO', 'KERNEL_ACTIVITY', 'KERNEL_EXTENSION', 'MEMORY_ACTIVITY'],
  ...['MODULE_ACTIVITY', 'NETWORK_ACTIVITY', 'NETWORK_FILE_ACTIVITY', 'NTP_ACTIVITY', 'PATCH_STATE'],
  ...['PROCESS_ACTIVITY', 'RDP_ACTIVITY', 'REGISTRY_KEY_ACTIVITY', 'REGISTRY_VALUE_ACTIVITY'],
  ...['RESOURCE_ACTIVITY', 'SCAN_ACTIVITY', 'SCHEDULED_JOB_ACTIVITY', 'SECURITY_FINDING', 'SMB_ACTIVITY'],
  ...['SSH_ACTIVITY', 'USER_ACCESS', 'USER_INVENTORY', 'VULNERABILITY_FINDING'],
  ...['WEB_RESOURCE_ACCESS_ACTIVITY', 'WEB_RESOURCES_ACTIVITY', 'WINDOWS_RESOURCE_ACTIVITY'],
]);

/** Security Lake's name for a class of the mapping, such as FILE_ACTIVITY; undefined where its lists have none. */
export function eventClassOf(schema: string): string | undefined {
  const name = schema.toUpperCase();
  return EVENT_CLASSES.has(name) ? name : undefined;
}
