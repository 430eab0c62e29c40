/** What the compiler adds to a record where the mapping does not state it: identity, extensions, type_uid. */
import type { Column, OcsfRecord } from '../ocsf/column.ts';
import type { OcsfClass, OcsfSchema } from '../ocsf/schema.ts';
import type { SysmonEvent } from '../sysmon/event.ts';
import { eventUid } from '../sysmon/identity.ts';
import { putCaption } from './compile-object.ts';
import type { Put } from './compile-object.ts';

/** `metadata.uid` tells copies of an event; a class of a platform extension names the extension (OCSF, metadata.extensions). */
export function metadataCompletion(ocsfClass: OcsfClass, ocsf: OcsfSchema) {
  const name = ocsfClass.extension;
  const about = name === undefined ? undefined : ocsf.extensions[name];
  const extensions = name !== undefined && about !== undefined ? [{ name, ...about }] : undefined;
  const text = { kind: 'string' } as const;
  const fields = ['name', 'uid', 'version'].map((field) => ({ name: field, type: text }));
  const columns: Column[] = [
    { name: 'uid', type: text },
    ...(extensions
      ? [{ name: 'extensions', type: { kind: 'list', element: { kind: 'struct', fields } } } as const]
      : []),
  ];
  const of = (event: SysmonEvent, stated: object): OcsfRecord => ({
    ...(!('uid' in stated) && { uid: eventUid(event) }),
    ...(extensions && !('extensions' in stated) && { extensions }),
  });
  return { columns, of };
}

/** type_uid is class_uid × 100 + activity_id (OCSF, type_uid). */
export function putTypeUid(ocsfClass: OcsfClass, statesName: boolean): Put {
  const captions = ocsfClass.attributes.type_uid?.enum ?? {};
  const caption = statesName ? undefined : putCaption('type_uid', 'type_name', captions);
  return (out, scope) => {
    const { activity_id: activity } = out;
    if (typeof activity !== 'number') return;
    out.type_uid = ocsfClass.uid * 100 + activity;
    caption?.(out, scope);
  };
}
