/**
 * What validation finds. The codes are those of the OCSF server's validator (ocsf/ocsf-server,
 * lib/schema/validator2.ex, POST /api/v2/validate).
 */

export type FindingCode =
  | 'attribute_deprecated'
  | 'attribute_enum_sibling_incorrect'
  | 'attribute_enum_sibling_suspicious_other'
  | 'attribute_enum_value_deprecated'
  | 'attribute_enum_value_unknown'
  | 'attribute_recommended_missing'
  | 'attribute_required_missing'
  | 'attribute_unknown'
  | 'attribute_value_exceeds_max_len'
  | 'attribute_value_exceeds_range'
  | 'attribute_value_regex_not_matched'
  | 'attribute_wrong_type'
  | 'class_deprecated'
  | 'class_uid_unknown'
  | 'constraint_failed'
  | 'observable_name_invalid_reference'
  | 'profile_unknown'
  | 'type_uid_incorrect'
  | 'version_earlier'
  | 'version_incompatible_later'
  | 'version_malformed';

export interface Finding {
  readonly code: FindingCode;
  /** Where in the record: `actor.process.pid`, `observables[0].name`; empty for the record itself. */
  readonly path: string;
  /** For people. Names types, counts and captions of the schema; never text of the event. */
  readonly message: string;
}

export interface Findings {
  /** What makes a record invalid. */
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}
