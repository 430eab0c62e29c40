import { describe, expect, it } from '@jest/globals';
import { compiled, entriesText, eventOf, mapWith, nodeText, told } from './mappings.ts';

const ENTRY = '/custom_source_events/ocsf_mapping/1';
const AT = `${ENTRY}/schema_mapping`;
const OF_FILES = { schema: 'file_activity' };
const file = { convert: { evaluate: '$.Description.Image', to: 'file' } };

describe('null', () => {
  it('takes away what a converter beside it gives', () => {
    const event = eventOf({ Image: 'C:\\a\\b.exe' });
    expect(mapWith({ file: { ...file, type_id: 1 } }, event, OF_FILES).record.file).toMatchObject({
      name: 'b.exe',
      path: 'C:\\a\\b.exe',
    });
    const { record } = mapWith({ file: { ...file, type_id: 1, path: null } }, event, OF_FILES);
    expect(record.file).toMatchObject({ name: 'b.exe', type_id: 1 });
    expect(record.file).not.toHaveProperty('path');
  });

  it('takes away what a converter beside it gives, also where another entry of the class has it', () => {
    const entry = (changes: object): object => ({
      schema: 'file_activity',
      schema_mapping: { metadata: { version: '1.1.0' }, file: { ...file, type_id: 1, ...changes } },
    });
    const mapping = compiled(entriesText({ '1': entry({ path: null }), '11': entry({}) }));
    const Image = 'C:\\a\\b.exe';
    // The slots of the class: a record has the columns of its own entry alone.
    const [without, other] = mapping.entries.map(({ fill }) => fill(eventOf({ Image }), 'uid').row);
    expect(without).not.toContain(Image);
    expect(other).toContain(Image);
  });

  it('takes away what a template gives', () => {
    const templates = { t: { pid: 1, name: 'n' } };
    const { record } = mapWith({ process: { template: 't', name: null } }, eventOf({}), { templates });
    expect(record.process).toEqual({ pid: 1 });
  });

  it('is nothing where nothing is', () => {
    expect(mapWith({ process: { pid: 1, name: null } }, eventOf({})).record.process).toEqual({ pid: 1 });
  });
});

describe('keys beside a converter', () => {
  it('are all that there is where it gives no object, which is warned of', () => {
    const node = {
      file: { convert: { evaluate: '$.Description.x', to: 'unquoted' }, name: 'n', type_id: 1 },
    };
    expect(mapWith(node, eventOf({ x: 'y' }), OF_FILES).record).toMatchObject({
      file: { name: 'n', type_id: 1 },
      unmapped: { x: 'y' },
    });
    expect(told(nodeText(node, OF_FILES), 'warning').map(([, message]) => message)).toContain(
      'gives no object at file; only the keys beside it are used',
    );
  });

  it('stand alone where the field is absent', () => {
    expect(
      mapWith({ file: { ...file, name: 'n', type_id: 1 } }, eventOf({}), OF_FILES).record.file,
    ).toMatchObject({
      name: 'n',
      type_id: 1,
    });
  });
});

describe('an entry', () => {
  it('whose schema_mapping is chosen by the event is an error', () => {
    const schema_mapping = { first: [{ message: 'x' }] };
    const text = entriesText({ '1': { schema: 'process_activity', schema_mapping } });
    expect(told(text, 'error')).toContainEqual([AT, 'schema_mapping is an object']);
  });

  it('whose column no table can have is an error of that entry', () => {
    expect(told(nodeText({ '': '$.Description.x' }), 'error')).toEqual([
      [ENTRY, 'gives process_activity the column "": a column needs a name'],
    ]);
  });
});
