/** What no table tells: why an event is mapped as it is, and why the two files do it differently. */

/** For each EventID that the two files map differently: why. */
export const DIFFERENCES: Readonly<Record<number, string>> = {
  4: `Process Activity is the class of the AWS sample's table, though the event tells of a service and names no
process. The record needs a process with a \`pid\` or a \`uid\`, so Sysmon stands there under the GUID of its event
provider: the same on every host, and no process to join on. Application Lifecycle has Start and Stop for exactly this.`,
  6: `Kernel Activity is about objects of the kernel: it has room for the driver's name and path, none for hashes or
signature. Kernel Extension Activity is OCSF's class for drivers, and its \`driver.file\` takes both. In both files the actor
is a constant, System with pid 4, because OCSF requires an actor and the event names none.`,
  7: `The AWS sample counts an image that a process loads as that process's activity, and its activity table says \`3\`
Open. Its record therefore has the process twice, as actor and as object. Module Activity with Load says it directly.`,
  8: `The AWS sample has this event under Network Activity. Nothing goes over a network: both endpoints are this host, and
the target process stays in \`unmapped\`. Process Activity with Inject has places for both processes, the thread and its
start address, and \`injection_type_id\` 1 is OCSF's Remote Thread.`,
  9: `Memory Activity comes from the AWS sample. What is read is a disk, past the file system, so the other file makes it
a read of a block device (\`file.type_id\` 4); in Memory Activity the device has no place and stays in \`unmapped\`.`,
  12: `Without a registry class, a key or value is a file of type 99, named after what it is. In the other file \`EventType\`
decides: \`DeleteValue\` is about a value, \`CreateKey\` and \`DeleteKey\` are about a key. A value's path is cut into its
key and its name.`,
  13: `The file class has Update for a changed value, and no place for what was written: \`Details\` stays in \`unmapped\`.
Registry Value Activity has Set, the data, and its type as far as Sysmon tells it.`,
  14: `In both files the old name is what was renamed and the new one the result; OCSF's registry classes name them the other
way round, \`prev_reg_key\` and \`reg_key\`. A renamed value is Modify there, since values have no Rename.`,
  16: `No process acts in this event, so Process Activity has to name Sysmon itself, as under EventID 4. Device Config State
Change with Log records that the configuration of a device is now another one.`,
  19: `A WMI subscription is made, changed or removed; the event names a user and no process. The AWS sample's
Process Activity therefore shows Sysmon as the process, under activity \`3\` from its activity table, and all of the
subscription stays in \`unmapped\`. OCSF has no class for WMI; Entity Management is the closest that Security Lake takes, and
\`Operation\` gives its activity.`,
  20: 'As EventID 19; the entity is the consumer, what runs when the filter matches.',
  21: `As EventID 19; the entity is the binding of a filter to a consumer. It has no name of its own and takes the
consumer's.`,
  24: `Neither OCSF version here has a class for the clipboard. The AWS sample's table puts it among the files, with Update. Windows
Resource Activity has the resource itself, and Clipboard Change as an activity of its own; hashes have no place there but
\`details\`.`,
  255: `As under EventID 4: a fault of Sysmon is no process's activity, and the AWS sample's class needs one. OCSF's own
class for it, Application Error, comes only after 1.3. In both files severity is High, because the log has the event at
level Error.`,
};

/** What else there is to know of an event; paragraphs. */
export const NOTES: Readonly<Record<number, readonly string[]>> = {
  1: [
    `The actor is the parent, which launched the process; \`process.parent_process\` says the same once more, where queries
for process trees look for it.`,
  ],
  2: ['`file` is the file with its old creation time, `file_result` the same file with the new one.'],
  3: [
    `\`actor.process\` has more than the event tells: what was known of the process from its EventID 1, as long as that was seen
(see [the join](#the-join)). A connection that the host itself did not begin is Inbound.`,
  ],
  5: [
    'OCSF wants an actor; the process that ends is actor and object, as later versions of OCSF say it should be.',
  ],
  10: [
    `Open, by what \`GrantedAccess\` allows; whether the memory was read is not in the event. \`SourceProcessGUID\` and
\`TargetProcessGUID\` are written with capital letters in this event alone.`,
  ],
  15: [
    `The file is named without its stream, the stream in \`component\`. As neither has the whole path, \`TargetFilename\`
stays in \`unmapped\` too. \`Contents\` is the text of small streams, such as where a download came from.`,
  ],
  17: ['A named pipe is a kind of file to OCSF (`type_id` 6), so that both pipe events are file events.'],
  18: ['Open of a named pipe, by the process at its other end.'],
  22: [
    `Traffic, because one event has both the question and its answers; Query would leave the answers out. \`src_endpoint\` is
this host: OCSF 1.1.0 requires one. \`9001\` to \`9018\` are Windows' numbers for the response codes 1 to 18; any other
status, a timeout for example, has no \`rcode_id\` and is told by \`status_code\` alone.`,
  ],
  23: ['Sysmon has kept a copy of the file where `Archived` says so. EventID 26 is the same without a copy.'],
  25: [
    `Inject with an injection type of its own, 99: \`Type\` has Sysmon's words, such as \`Image is replaced\`. The event names
only the process that was tampered with, which therefore is actor and object.`,
  ],
  27: [
    'Sysmon kept the file from being made: `status_id` Failure, `action_id` Denied, `disposition_id` Blocked.',
  ],
  28: ['As EventID 27, for a file that a tool tried to overwrite before deleting it.'],
  29: [
    'Sysmon saw an executable file being made and let it be; whether it is new or was overwritten it does not say.',
  ],
};

/** Headings of the groups: by the attribute that they fill and the first event that has them. */
export const GROUP_HEADINGS: Readonly<Record<string, string>> = {
  'actor@2': 'The acting process',
  'actor@3': 'The acting process and its EventID 1',
};
