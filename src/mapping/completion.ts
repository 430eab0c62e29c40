/** What the compiler adds to a record where the mapping does not state it: identity, extensions, type_uid. */
import type { Column, OcsfValue } from '../ocsf/column.ts';
import type { Places, Row } from '../ocsf/row.ts';
import type { OcsfClass, OcsfSchema } from '../ocsf/schema.ts';
import type { Fill } from './compile-context.ts';
import { captionsOf, fillCaption } from './compile-object.ts';

/** `metadata.uid` tells copies of an event; a class of a platform extension names the extension (OCSF, metadata.extensions). */
export function metadataCompletion(ocsfClass: OcsfClass, ocsf: OcsfSchema, places: Places) {
  const name = ocsfClass.extension;
  const about = name === undefined ? undefined : ocsf.extensions[name];
  const extensions: OcsfValue | undefined =
    name !== undefined && about !== undefined ? [{ name, ...about }] : undefined;
  const text = { kind: 'string' } as const;
  const fields = ['name', 'uid', 'version'].map((field) => ({ name: field, type: text }));
  const columns: Column[] = [
    { name: 'uid', type: text },
    ...(extensions
      ? [{ name: 'extensions', type: { kind: 'list', element: { kind: 'struct', fields } } } as const]
      : []),
  ];
  const uid = places.at('metadata.uid');
  const extensionsAt = places.at('metadata.extensions');
  const complete = (row: Row, eventUid: string): void => {
    row[uid.start] ??= eventUid;
    if (extensions !== undefined) row[extensionsAt.start] ??= extensions;
  };
  return { columns, complete };
}

/** type_uid is class_uid × 100 + activity_id (OCSF, type_uid). */
export function fillTypeUid(ocsfClass: OcsfClass, statesName: boolean, places: Places): Fill {
  const [activity, typeUid] = [places.at('activity_id'), places.at('type_uid')];
  const captions = captionsOf(ocsfClass.attributes.type_uid?.enum ?? {});
  const caption = statesName ? undefined : fillCaption(typeUid, places.at('type_name'), captions);
  return (row, scope) => {
    const id = row[activity.start];
    if (typeof id !== 'number') return false;
    row[typeUid.start] = ocsfClass.uid * 100 + id;
    return caption?.(row, scope) ?? true;
  };
}
