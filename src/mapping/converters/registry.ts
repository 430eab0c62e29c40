import type { Converter } from '../converter.ts';
import { splitPath } from './file.ts';

/** `is_system` and the like are not known to Sysmon: a key is its path. */
export const registryKey: Converter = {
  name: 'registry_key',
  summary: 'a registry path (HKLM\\…) ► reg_key {path}',
  output: { object: 'reg_key', shape: { path: true }, required: ['path'] },
  lossless: true,
  convert: (text) => ({ path: text }),
};

export const registryValue: Converter = {
  name: 'registry_value',
  summary: 'the path of a registry value ► reg_value {path of its key, name}; (Default) is the unnamed value',
  output: { object: 'reg_value', shape: { path: true, name: true }, required: ['path', 'name'] },
  lossless: true,
  convert: (text) => {
    const parts = splitPath(text);
    return parts?.folder ? { path: parts.folder, name: parts.name } : undefined;
  },
};
