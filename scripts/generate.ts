/** `npm run generate`: writes every file of the repository that is made from the code and the mappings. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { generatedFiles } from './generated-files.ts';

const root = path.resolve(import.meta.dirname, '..');
for (const { name, text } of await generatedFiles(root)) {
  writeFileSync(path.join(root, name), text);
  console.log(`${name}: ${text.length} characters`);
}
