/** Where the package lies, from its sources as from the bundle in dist/: the folder that holds package.json. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The path of a file or folder that comes with the package. */
export function packagePath(name: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder) {
    folder = path.dirname(folder);
  }
  return path.join(folder, name);
}
