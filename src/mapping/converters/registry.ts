/** Registry paths as Sysmon writes them: keys, and values in keys. */
import type { Converter } from '../converter.ts';

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
    // A slash is no separator here: it may be part of any name.
    const at = text.lastIndexOf('\\');
    const [path, name] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
    return path === '' || name === '' ? undefined : { path, name };
  },
};

/** How Sysmon writes the data of a value: `DWORD (0x00000001)`, `QWORD (0x…-0x…)`, `Binary Data`, or the text itself. */
const WRITTEN_TYPE = /^(?:(DWORD|QWORD) \(0x[0-9A-Fa-f]+(?:-0x[0-9A-Fa-f]+)?\)|(Binary Data))$/;

export const registryType: Converter = {
  name: 'registry_type',
  summary:
    'Details of a registry value ► DWORD, QWORD or Binary Data; absent for text, whose type Sysmon does not tell',
  output: { type: 'string_t' },
  lossless: false,
  convert: (text) => {
    const match = WRITTEN_TYPE.exec(text);
    return match?.[1] ?? match?.[2] ?? '';
  },
};
