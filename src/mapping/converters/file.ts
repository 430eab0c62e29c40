/** Paths as files: folder and name. */
import type { Converter } from '../converter.ts';

/** A path of Linux, where a backslash is a character of a name like any other. Windows writes no path like this. */
const LINUX = /^\/[^/]/;

function splitLinuxPath(path: string): { folder: string; name: string } {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  const at = path.lastIndexOf('/', end - 1);
  return { folder: path.slice(0, Math.max(at, 1)), name: path.slice(at + 1, end) };
}

/** Where a path is cut into folder and name; undefined for text such as `System`, which is no path. */
export function splitPath(path: string): { folder: string; name: string } | undefined {
  if (LINUX.test(path)) return splitLinuxPath(path);
  let end = path.length;
  while (end > 0 && (path[end - 1] === '\\' || path[end - 1] === '/')) end--;
  const at = Math.max(path.lastIndexOf('\\', end - 1), path.lastIndexOf('/', end - 1));
  if (end === 0 || (at < 0 && end === path.length)) return undefined;
  return { folder: path.slice(0, Math.max(at, 0)), name: path.slice(at + 1, end) };
}

/** `type_id` of OCSF's file object: 1 Regular File. Sysmon names files here, or the image of a process. */
const REGULAR_FILE = 1;

export const file: Converter = {
  name: 'file',
  summary:
    'a path ► file {name, path, parent_folder, type_id}; text that is no path (System) ► its name alone',
  output: {
    object: 'file',
    shape: { name: true, path: true, parent_folder: true, type_id: true, type: true },
    required: ['name', 'type_id'],
  },
  lossless: true,
  convert: (text) => {
    const parts = splitPath(text);
    if (parts === undefined) return { name: text, type_id: REGULAR_FILE, type: 'Regular File' };
    return {
      name: parts.name,
      path: text,
      ...(parts.folder && { parent_folder: parts.folder }),
      type_id: REGULAR_FILE,
      type: 'Regular File',
    };
  },
};
