/** Where a converter, an enum or `unmapped` gets its text from. */
import { isAbsent } from '../sysmon/event.ts';
import type { OcsfSchema } from '../ocsf/schema.ts';
import { conversion } from './conversion.ts';
import type { Node } from './node.ts';
import { findPath, readPath } from './path.ts';
import type { PathRef } from './path.ts';
import type { Scope, SourceTable } from './scope.ts';

/** Gives a text that says something, or undefined; sets `scope.source` to the field it came from. */
export type TextSource = (scope: Scope) => string | undefined;

export interface TextContext {
  readonly schema: OcsfSchema;
  readonly sources: SourceTable;
  readonly problem: (pointer: string, message: string) => void;
}

/** The text of a plain path, as the fastest closure for the place it reads. */
export function plainText(ref: Exclude<PathRef, { kind: 'jsonpath' }>, source: number): TextSource {
  const given = (scope: Scope, text: string | undefined): string | undefined => {
    scope.source = source;
    return isAbsent(text) ? undefined : text;
  };
  switch (ref.kind) {
    case 'Description': {
      const { name } = ref;
      return (scope) => given(scope, scope.event.Description[name]);
    }
    case 'Process': {
      const { name } = ref;
      return (scope) => given(scope, scope.process?.[name]);
    }
    default:
      return (scope) => given(scope, readPath(ref, scope.event, undefined));
  }
}

/** Text of anything that a JSONPath found: scalars as they are, the rest as JSON. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? undefined : JSON.stringify(value);
};

/** Compiles a node whose place wants text: `evaluate` of an operator. */
export function textSource(node: Node, context: TextContext): TextSource {
  switch (node.kind) {
    case 'path': {
      const { ref } = node;
      if (ref.kind !== 'jsonpath') return plainText(ref, context.sources.numberOf(ref));
      return (scope) => {
        for (const { value, source } of findPath(ref.path, scope.event, scope.process)) {
          const text = textOf(value);
          if (isAbsent(text)) continue;
          scope.source = source === undefined ? -1 : context.sources.numberOf(source);
          return text;
        }
        return undefined;
      };
    }
    case 'literal': {
      const text = String(node.value);
      return (scope) => {
        scope.source = -1;
        return text;
      };
    }
    case 'first': {
      const sources = node.nodes.map((inner) => textSource(inner, context));
      return (scope) => {
        for (const source of sources) {
          const text = source(scope);
          if (text !== undefined) return text;
        }
        return undefined;
      };
    }
    case 'convert': {
      const { converter } = node;
      if ('object' in converter.output || converter.output.list) break;
      const inner = textSource(node.evaluate, context);
      const convert = conversion(converter, context.schema);
      return (scope) => {
        const text = inner(scope);
        const value = text === undefined ? undefined : convert(text).value;
        if (!converter.lossless || value === undefined) scope.source = -1;
        return value === undefined || value === '' ? undefined : textOf(value);
      };
    }
    case 'nothing':
      return () => undefined;
    default:
  }
  context.problem(
    node.pointer,
    'should give a text: a path, "first" of paths, or a converter that gives a text',
  );
  return () => undefined;
}
