/**
 * What OCSF says, as this project keeps it: the facts of one schema version (names, types, requirements, ids and
 * captions) for the classes that Sysmon events can become. The tables are made by scripts/generate-ocsf.ts.
 */

export type OcsfVersion = '1.1.0' | '1.3.0';

export type Primitive = 'string_t' | 'integer_t' | 'long_t' | 'float_t' | 'boolean_t' | 'json_t';

export interface OcsfType {
  /** The primitive that a scalar type rests on; a primitive names itself. */
  readonly primitive: Primitive;
  readonly maxLength?: number;
  /** Inclusive bounds of a number. */
  readonly range?: readonly [number, number];
  /** Source of a regular expression; a value that does not match earns a warning. */
  readonly regex?: string;
  /** The number of the observable type that a value of this type can be listed as. */
  readonly observable?: number;
}

export interface OcsfAttribute {
  /** A key of {@link OcsfSchema.types}, or `object_t`. */
  readonly type: string;
  /** With type `object_t`: a key of {@link OcsfSchema.objects}. */
  readonly object?: string;
  readonly isArray?: boolean;
  readonly requirement: 'required' | 'recommended' | 'optional';
  /** Present only when one of these profiles is in the record's metadata.profiles. */
  readonly profiles?: readonly string[];
  /** Id, as text, to caption. */
  readonly enum?: Readonly<Record<string, string>>;
  /** The attribute that holds the caption of this one's id. */
  readonly sibling?: string;
  /** The number of the observable type that this attribute can be listed as; it goes before that of its type. */
  readonly observable?: number;
  readonly deprecated?: boolean;
  /** Ids of `enum` that OCSF advises against. */
  readonly deprecatedIds?: readonly string[];
}

export interface OcsfConstraints {
  readonly at_least_one?: readonly string[];
  readonly just_one?: readonly string[];
}

export interface OcsfItem {
  readonly name: string;
  readonly caption: string;
  /** Empty for an object whose attributes OCSF leaves open, such as `unmapped`. */
  readonly attributes: Readonly<Record<string, OcsfAttribute>>;
  readonly constraints?: OcsfConstraints;
}

export interface OcsfObject extends OcsfItem {
  /** The number of the observable type that such an object can be listed as. */
  readonly observable?: number;
}

export interface OcsfClass extends OcsfItem {
  /** class_uid. */
  readonly uid: number;
  readonly categoryUid: number;
  readonly categoryName: string;
  /** Profiles that a record of this class may name. */
  readonly profiles: readonly string[];
  /** The platform extension that defines the class. */
  readonly extension?: string;
  readonly deprecated?: boolean;
}

export interface OcsfSchema {
  readonly version: OcsfVersion;
  /** Every profile name that this version knows. */
  readonly profiles: readonly string[];
  readonly extensions: Readonly<Record<string, { readonly uid: string; readonly version: string }>>;
  readonly types: Readonly<Record<string, OcsfType>>;
  /** By class name, without the prefix of an extension. */
  readonly classes: Readonly<Record<string, OcsfClass>>;
  readonly objects: Readonly<Record<string, OcsfObject>>;
}
