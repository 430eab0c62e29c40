/**
 * Validation of one record against the tables of an OCSF version, by the rules of the OCSF server's validator
 * (ocsf/ocsf-server, lib/schema/validator2.ex).
 */

import { isObservableReference } from './observable-reference.ts';
import { kindOf } from './scalar.ts';
import { classByUid } from './schemas.ts';
import { relationOfVersion } from './schema-version.ts';
import { checkItem, isObject, report, type Validation, type Values } from './validate-item.ts';
import type { Finding, Findings } from './finding.ts';
import type { OcsfItem, OcsfSchema } from './schema.ts';

export interface ValidateOptions {
  /** Also warn of recommended attributes that are missing. */
  readonly recommended?: boolean;
}

/**
 * The errors and warnings of one record. A record is valid when it has no errors. Null counts as missing; a whole
 * number counts as an integer, however it was written. Never throws, whatever the record is.
 */
export function validateRecord(schema: OcsfSchema, record: unknown, options: ValidateOptions = {}): Findings {
  const errors: Finding[] = [];
  const warnings: Finding[] = [];
  const findings = { errors, warnings };
  if (!isObject(record)) {
    report(errors, 'attribute_wrong_type', '', `expected an event, got ${kindOf(record)}`);
    return findings;
  }
  const { class_uid: classUid, metadata } = record;
  if (classUid === undefined || classUid === null) {
    report(errors, 'attribute_required_missing', 'class_uid', 'required');
    return findings;
  }
  if (typeof classUid !== 'number' || !Number.isInteger(classUid)) {
    report(errors, 'attribute_wrong_type', 'class_uid', `expected integer_t, got ${kindOf(classUid)}`);
    return findings;
  }
  const eventClass = classByUid(schema, classUid);
  if (!eventClass) {
    const message = `${classUid} is not among the classes kept for OCSF ${schema.version}`;
    report(errors, 'class_uid_unknown', 'class_uid', message);
    return findings;
  }
  const profiles: readonly unknown[] =
    isObject(metadata) && Array.isArray(metadata.profiles) ? metadata.profiles : [];
  const validation = { schema, profiles, recommended: options.recommended === true, errors, warnings };
  if (eventClass.deprecated === true) {
    report(warnings, 'class_deprecated', '', `${eventClass.name} is deprecated`);
  }
  checkProfiles(validation);
  checkItem(validation, record, '', eventClass);
  if (isObject(metadata)) checkVersion(validation, metadata.version);
  checkTypeUid(validation, record, classUid);
  checkObservables(validation, record.observables, eventClass);
  return findings;
}

function checkProfiles({ schema, profiles, errors }: Validation): void {
  for (const [index, profile] of profiles.entries()) {
    if (typeof profile === 'string' && !schema.profiles.includes(profile)) {
      const message = `not a profile of OCSF ${schema.version}`;
      report(errors, 'profile_unknown', `metadata.profiles[${index}]`, message);
    }
  }
}

function checkVersion({ schema, errors, warnings }: Validation, version: unknown): void {
  if (typeof version !== 'string') return;
  const path = 'metadata.version';
  switch (relationOfVersion(version, schema.version)) {
    case 'same':
      break;
    case 'malformed':
      report(errors, 'version_malformed', path, 'not a semantic version such as 1.1.0');
      break;
    case 'earlier':
      report(warnings, 'version_earlier', path, `earlier than ${schema.version}`);
      break;
    case 'later':
      report(errors, 'version_incompatible_later', path, `later than ${schema.version}`);
      break;
  }
}

/** type_uid is class_uid * 100 + activity_id. As in the reference, true and false count as 1 and 0 here. */
function checkTypeUid({ errors }: Validation, record: Values, classUid: number): void {
  const { activity_id: activityId, type_uid: typeUid } = record;
  if (!isWhole(activityId) || !isWhole(typeUid)) return;
  const expected = classUid * 100 + Number(activityId);
  if (Number(typeUid) !== expected) {
    report(errors, 'type_uid_incorrect', 'type_uid', `expected ${expected}`);
  }
}

function isWhole(value: unknown): value is number | boolean {
  return typeof value === 'boolean' || Number.isInteger(value);
}

function checkObservables(validation: Validation, observables: unknown, item: OcsfItem): void {
  if (!Array.isArray(observables)) return;
  for (const [index, observable] of observables.entries()) {
    if (!isObject(observable) || typeof observable.name !== 'string') continue;
    if (!isObservableReference(validation.schema, item, observable.name, validation.profiles)) {
      const message = `leads to no attribute of ${item.name} with the profiles of the record`;
      report(validation.errors, 'observable_name_invalid_reference', `observables[${index}].name`, message);
    }
  }
}
