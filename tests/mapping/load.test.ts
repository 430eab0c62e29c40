import { describe, expect, it } from '@jest/globals';
import { compileMappingText, loadMapping } from '../../src/mapping/load.ts';
import { MappingError } from '../../src/mapping/problem.ts';
import { nodeText } from './mappings.ts';

/** A mapping file with ten different mistakes. */
const TEN_MISTAKES = JSON.stringify({
  custom_source_events: {
    source_name: 'windows-sysmon',
    matched_field: 'EventId',
    timestamp: { field: '$.Description.UtcTime', format: '%Y-%m-%d %Q' },
    tempaltes: {},
    templates: { technique: { convert: { evaluate: '$.Description.RuleName', to: 'has_techniqe' } } },
    ocsf_mapping: {
      '1': {
        schema: 'process_activity',
        schema_mapping: { process: { pid: '$.Description.ProcessId[' }, actor: { template: 'atcor' } },
      },
      '3': { schema: 'network_activty', schema_mapping: { metadata: { version: '1.1.0' } } },
      '5': { schema: 'process_activity', schema_mapping: { metadata: { version: '7.0.0' } } },
      '11': [
        { schema: 'file_activity', schema_mapping: { metadata: { version: '1.1.0' }, severity_id: 'low' } },
        { schema: 'file_activity' },
      ],
    },
  },
});

describe('a mapping file with ten mistakes', () => {
  const at = '/custom_source_events';
  const expected = [
    [`${at}/tempaltes`, 'unknown key; did you mean "templates"?'],
    [`${at}/matched_field`, '"EventId" is no path; a path begins with "$."'],
    [`${at}/timestamp/format`, 'time format "%Y-%m-%d %Q": %Q is unsupported'],
    [`${at}/templates/technique/convert/to`, 'no converter "has_techniqe"; did you mean "has_technique"?'],
    [`${at}/ocsf_mapping/1/schema_mapping/process/pid`, '"$.Description.ProcessId[" is not a JSONPath'],
    [`${at}/ocsf_mapping/1/schema_mapping/actor/template`, 'no template "atcor"'],
    [
      `${at}/ocsf_mapping/3/schema`,
      'OCSF 1.1.0 has no class network_activty; did you mean "network_activity"?',
    ],
    [
      `${at}/ocsf_mapping/5/schema_mapping/metadata/version`,
      'metadata.version names the OCSF version: 1.1.0 or 1.3.0',
    ],
    [
      `${at}/ocsf_mapping/11/0/schema_mapping/severity_id`,
      '"low" is no integer_t, which OCSF wants at severity_id',
    ],
    [`${at}/ocsf_mapping/11/1/schema_mapping`, 'is missing; it should be object'],
  ];

  it('is told all ten at once, each with its place and what was probably meant', () => {
    const { mapping, problems } = compileMappingText(TEN_MISTAKES);
    expect(mapping).toBeUndefined();
    const told = problems.map(({ pointer, message }) => [pointer, message]);
    expect(new Set(told)).toEqual(new Set(expected));
    expect(told).toHaveLength(10);
    expect(problems.every(({ severity }) => severity === 'error')).toBe(true);
  });

  it('is an error with all of them, and its message names one and counts the rest', () => {
    const thrown = (() => {
      try {
        return loadMapping(TEN_MISTAKES);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(MappingError);
    expect(thrown).toMatchObject({
      name: 'MappingError',
      message: `${at}/tempaltes: unknown key; did you mean "templates"? (and 9 more)`,
    });
    expect(thrown instanceof MappingError ? thrown.problems : []).toHaveLength(10);
  });
});

describe('a problem in a template', () => {
  it('is told once, however often the template is used', () => {
    const templates = { file: { nmae: 'x' }, gone: { level: 'y' } };
    const node = {
      process: { file: { template: 'file' }, parent_process: { file: { template: 'file' } } },
      actor: { template: 'gone' },
    };
    const { problems } = compileMappingText(nodeText(node, { templates }));
    expect(problems.map(({ pointer }) => pointer)).toEqual([
      '/custom_source_events/templates/file/nmae',
      '/custom_source_events/templates/gone/level',
    ]);
  });
});

describe('loadMapping', () => {
  it('loads a mapping with warnings', () => {
    const text = nodeText({ no_such_attribute: 'x' });
    expect(compileMappingText(text).problems.map(({ severity }) => severity)).toEqual(['warning']);
    expect(loadMapping(text).entries).toHaveLength(1);
    expect(loadMapping(text).sourceName).toBe('windows-sysmon');
  });

  it('says where a file that is not JSON ends to be', () => {
    expect(() => loadMapping('{')).toThrow(/^\/: is not JSON/);
  });

  it('has nothing against the simplest mapping', () => {
    expect(compileMappingText(nodeText({})).problems).toEqual([]);
  });
});
