/** Reads a CloudFormation template and works out what CloudFormation makes of it for given parameters. */
import { readFileSync } from 'node:fs';
import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { z } from 'zod';

const resource = z.looseObject({
  Type: z.string(),
  Condition: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const template = z.looseObject({
  Parameters: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Default: z.union([z.string(), z.number()]).optional(),
      Description: z.string().optional(),
      AllowedPattern: z.string().optional(),
    }),
  ),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Globals: z.looseObject({ Function: z.record(z.string(), z.unknown()) }).optional(),
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.looseObject({ Condition: z.string().optional() })).default({}),
});

export type Template = z.infer<typeof template>;
export type Parameters = Readonly<Record<string, string>>;

/** The template with `!Name value` as `{ "Fn::Name": value }`. Throws where it is no template. */
export function readTemplate(path: string): Template {
  // Tags that YAML does not know are warnings; the nodes keep them.
  const document = parseDocument(readFileSync(path, 'utf8'), { logLevel: 'silent' });
  if (document.errors[0] !== undefined) throw document.errors[0];
  return template.parse(plain(document.contents, document));
}

function plain(node: unknown, document: Document.Parsed): unknown {
  if (isAlias(node)) return plain(node.resolve(document), document);
  const value = untagged(node, document);
  const tag = (node as Node | null)?.tag; // true: whatever is in a document's tree is a node or null
  const name = tag?.startsWith('!') === true ? tag.slice(1) : undefined;
  if (name === undefined) return value;
  return { [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`]: value };
}

function untagged(node: unknown, document: Document.Parsed): unknown {
  if (isSeq(node)) return node.items.map((item) => plain(item, document));
  if (isScalar(node)) return node.value;
  if (!isMap(node)) return node;
  return Object.fromEntries(
    node.items.map(({ key, value }) => [String(plain(key, document)), plain(value, document)]),
  );
}

const PSEUDO: Readonly<Record<string, unknown>> = {
  'AWS::AccountId': '123456789012',
  'AWS::NoValue': undefined,
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::StackName': 'sysmon-lake',
  'AWS::URLSuffix': 'amazonaws.com',
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A stack: the template with its functions worked out. A resource stands for itself as `<LogicalId>`, an attribute
 * of it as `<LogicalId.Attribute>`; resources whose condition is false are left out.
 * @throws RangeError where a name or a function is not known
 */
export function stackOf({ Parameters, Conditions, Resources, Outputs }: Template, given: Parameters) {
  const condition = (name: string): boolean => {
    if (!(name in Conditions)) throw new RangeError(`no condition ${name}`);
    return value(Conditions[name]) === true;
  };
  const ref = (name: string): unknown => {
    if (name in PSEUDO) return PSEUDO[name];
    if (name in Resources) return `<${name}>`;
    const parameter = Parameters[name];
    if (parameter === undefined) throw new RangeError(`nothing is named ${name}`);
    const chosen = given[name] ?? parameter.Default;
    return parameter.Type === 'CommaDelimitedList' ? String(chosen).split(',') : chosen;
  };
  const sub = (text: string, names: Record<string, unknown>): string =>
    text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (name in names) return String(names[name]);
      return name.includes('.') ? `<${name}>` : String(ref(name));
    });
  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (name) => ref(String(name)),
    Condition: (name) => condition(String(name)),
    'Fn::GetAtt': (name) => `<${String(name)}>`,
    'Fn::If': (argument) => {
      const [name, yes, no] = z.tuple([z.string(), z.unknown(), z.unknown()]).parse(argument);
      return value(condition(name) ? yes : no);
    },
    'Fn::Equals': (argument) => new Set(list(argument).map(String)).size === 1,
    'Fn::Not': (argument) => list(argument)[0] !== true,
    'Fn::And': (argument) => list(argument).every((one) => one === true),
    'Fn::Or': (argument) => list(argument).includes(true),
    'Fn::Sub': (argument) => {
      if (typeof argument === 'string') return sub(argument, {});
      const [text, names] = z.tuple([z.string(), z.unknown()]).parse(argument);
      return sub(text, z.record(z.string(), z.unknown()).parse(value(names)));
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(list(argument));
      return parts.join(separator);
    },
    'Fn::Split': (argument) => {
      const [separator, text] = z.tuple([z.string(), z.string()]).parse(list(argument));
      return text.split(separator);
    },
    'Fn::Select': (argument) => {
      const [index, parts] = z.tuple([z.number(), z.array(z.unknown())]).parse(list(argument));
      return parts[index];
    },
  };
  const list = (argument: unknown): unknown[] => z.array(z.unknown()).parse(value(argument));
  const value = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(value).filter((item) => item !== undefined);
    if (!isObject(node)) return node;
    const entries = Object.entries(node);
    const [name, argument] = entries[0] ?? [];
    // A policy has a Condition too; there it is an object.
    const known = entries.length === 1 && name !== undefined && !(name === 'Condition' && isObject(argument));
    const intrinsic = known ? functions[name] : undefined;
    if (intrinsic !== undefined) return intrinsic(argument);
    if (name?.startsWith('Fn::') === true) throw new RangeError(`${name} is not known`);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, value(item)] as const).filter(([, item]) => item !== undefined),
    );
  };
  const existing = <T extends { Condition?: string | undefined }>(all: Record<string, T>): [string, T][] =>
    Object.entries(all).filter(([, { Condition }]) => Condition === undefined || condition(Condition));
  return {
    resources: Object.fromEntries(
      existing(Resources).map(([name, { Type, Properties }]) => {
        const properties = z.record(z.string(), z.unknown()).parse(value(Properties));
        return [name, { type: Type, properties }];
      }),
    ),
    outputs: existing(Outputs).map(([name]) => name),
    value,
  };
}

export type Stack = ReturnType<typeof stackOf>;
