/**
 * Validation of what stands in one class or object, and in the objects below it.
 */

import { captionOf, visibleAttributes, type VisibleAttributes } from './attributes.ts';
import { kindOf, scalarProblems } from './scalar.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { OcsfAttribute, OcsfItem, OcsfSchema } from './schema.ts';

export type Values = Readonly<Record<string, unknown>>;

export interface Validation {
  readonly schema: OcsfSchema;
  /** metadata.profiles, as the record has it. */
  readonly profiles: readonly unknown[];
  readonly recommended: boolean;
  readonly errors: Finding[];
  readonly warnings: Finding[];
}

/** OCSF's id for a value that its list does not have; the sibling then holds the source's own word. */
const OTHER_ID = 99;

export function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function report(to: Finding[], code: FindingCode, path: string, message: string): void {
  to.push({ code, path, message });
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** Everything in the class or object at this path: what is there, what is missing, what does not belong. */
export function checkItem(validation: Validation, values: Values, path: string, item: OcsfItem): void {
  const visible = visibleAttributes(item, validation.profiles);
  for (const name of Object.keys(values)) {
    const value = values[name];
    const attribute = visible.get(name);
    if (attribute && value !== undefined && value !== null) {
      checkAttribute(validation, value, join(path, name), attribute);
      if (attribute.enum) checkIds(validation, values, path, name, attribute);
    } else if (!attribute && value !== undefined && visible.size > 0) {
      report(validation.errors, 'attribute_unknown', join(path, name), `not defined in ${item.name}`);
    }
  }
  checkMissing(validation, values, path, visible);
  checkConstraints(validation, values, path, item);
}

interface Expected {
  readonly required: readonly string[];
  readonly recommended: readonly string[];
}

const expectedOf = new WeakMap<VisibleAttributes, Expected>();

function expectedAttributes(visible: VisibleAttributes): Expected {
  const known = expectedOf.get(visible);
  if (known) return known;
  const names = (requirement: OcsfAttribute['requirement']) =>
    [...visible].filter(([, attribute]) => attribute.requirement === requirement).map(([name]) => name);
  const expected = { required: names('required'), recommended: names('recommended') };
  expectedOf.set(visible, expected);
  return expected;
}

function checkMissing(
  validation: Validation,
  values: Values,
  path: string,
  visible: VisibleAttributes,
): void {
  const { required, recommended } = expectedAttributes(visible);
  const isMissing = (name: string) => values[name] === undefined || values[name] === null;
  for (const name of required) {
    if (isMissing(name)) {
      report(validation.errors, 'attribute_required_missing', join(path, name), 'required');
    }
  }
  if (!validation.recommended) return;
  for (const name of recommended) {
    if (isMissing(name)) {
      report(validation.warnings, 'attribute_recommended_missing', join(path, name), 'recommended');
    }
  }
}

/** Constraints ask whether an attribute is named, even with null. */
function checkConstraints({ errors }: Validation, values: Values, path: string, item: OcsfItem): void {
  const { at_least_one: atLeastOne, just_one: justOne } = item.constraints ?? {};
  const count = (names: readonly string[]) => names.filter((name) => values[name] !== undefined).length;
  if (atLeastOne && count(atLeastOne) === 0) {
    const message = `${item.name} needs at least one of ${atLeastOne.join(', ')}`;
    report(errors, 'constraint_failed', path, message);
  }
  if (justOne && count(justOne) !== 1) {
    report(errors, 'constraint_failed', path, `${item.name} needs just one of ${justOne.join(', ')}`);
  }
}

function checkAttribute(
  validation: Validation,
  value: unknown,
  path: string,
  attribute: OcsfAttribute,
): void {
  if (attribute.deprecated === true) {
    report(validation.warnings, 'attribute_deprecated', path, 'deprecated');
  }
  if (attribute.isArray !== true) {
    checkValue(validation, value, path, attribute);
  } else if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      checkValue(validation, element, `${path}[${index}]`, attribute);
    }
  } else {
    const message = `expected an array of ${attribute.object ?? attribute.type}, got ${kindOf(value)}`;
    report(validation.errors, 'attribute_wrong_type', path, message);
  }
}

function checkValue(validation: Validation, value: unknown, path: string, attribute: OcsfAttribute): void {
  const { schema, errors, warnings } = validation;
  if (attribute.object !== undefined) {
    const object = schema.objects[attribute.object];
    if (!isObject(value)) {
      const message = `expected ${attribute.object}, got ${kindOf(value)}`;
      report(errors, 'attribute_wrong_type', path, message);
    } else if (object) {
      checkItem(validation, value, path, object);
    }
    return;
  }
  const type = schema.types[attribute.type];
  if (!type) return; // tests/ocsf/schemas.test.ts: the tables define every type that they name
  for (const { code, message } of scalarProblems(type, attribute.type, value)) {
    report(code === 'attribute_value_regex_not_matched' ? warnings : errors, code, path, message);
  }
}

/** Ids must be listed, and the caption beside an id must be the one that goes with it. */
function checkIds(
  validation: Validation,
  values: Values,
  path: string,
  name: string,
  attribute: OcsfAttribute,
): void {
  const value = values[name];
  if (attribute.isArray !== true) {
    const caption = checkId(validation, value, join(path, name), attribute);
    if (caption !== undefined) checkSibling(validation, values, path, name, attribute, caption);
  } else if (Array.isArray(value)) {
    for (const id of value) checkId(validation, id, join(path, name), attribute);
  }
}

/** The caption of a listed id. Text counts as an id when it reads as one; that its type is wrong is found elsewhere. */
function checkId(
  { errors, warnings }: Validation,
  id: unknown,
  path: string,
  attribute: OcsfAttribute,
): string | undefined {
  const isId = typeof id === 'number' || typeof id === 'string';
  const caption = isId ? captionOf(attribute, id) : undefined;
  if (caption === undefined) {
    const what = typeof id === 'number' ? String(id) : `this ${kindOf(id)}`;
    report(errors, 'attribute_enum_value_unknown', path, `${what} is not a listed id`);
  } else if (isId && attribute.deprecatedIds?.includes(String(id)) === true) {
    report(warnings, 'attribute_enum_value_deprecated', path, `${caption} is deprecated`);
  }
  return caption;
}

function checkSibling(
  { warnings }: Validation,
  values: Values,
  path: string,
  name: string,
  { sibling }: OcsfAttribute,
  caption: string,
): void {
  if (sibling === undefined || values[sibling] === undefined) return;
  const isCaption = values[sibling] === caption;
  if (values[name] === OTHER_ID) {
    if (isCaption) {
      const message = `${OTHER_ID} stands for the source's own word, but ${sibling} is the caption`;
      report(warnings, 'attribute_enum_sibling_suspicious_other', join(path, name), message);
    }
  } else if (!isCaption) {
    report(warnings, 'attribute_enum_sibling_incorrect', join(path, sibling), `expected ${caption}`);
  }
}
