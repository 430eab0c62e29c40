/** A CloudFormation template as YAML, with the functions in their short form: `!Ref Name`. */
import { Document, isCollection, isScalar, visit } from 'yaml';

const FUNCTION = /^(?:Fn::(\w+)|(Ref))$/;

/**
 * The text of a template.
 * @param comment stands above it
 */
export function templateYaml(template: unknown, comment: string): string {
  // CloudFormation reads YAML 1.1, in which more texts need quotes than in 1.2.
  const document = new Document(template, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Map(_, { items: [pair, ...more] }) {
      if (pair === undefined || more.length > 0 || !isScalar(pair.key)) return;
      const [, name, ref] = FUNCTION.exec(String(pair.key.value)) ?? [];
      const { value } = pair;
      if ((name ?? ref) === undefined || !(isScalar(value) || isCollection(value))) return;
      value.tag = `!${name ?? ref}`;
      return value;
    },
  });
  return `# ${comment}\n${document.toString({ lineWidth: 0 })}`;
}
