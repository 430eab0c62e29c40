import { describe, expect, it } from '@jest/globals';
import { catalogue } from '../../src/sysmon/catalogue.ts';
import { openOrder, readingOrders } from '../../src/sysmon/reading-order.ts';

describe('readingOrders', () => {
  it('has every name once, with the removed one in front', () => {
    const { current } = readingOrders(catalogue.get(5));
    expect(current.names).toEqual([
      'SequenceNumber',
      'RuleName',
      'UtcTime',
      'ProcessGuid',
      'ProcessId',
      'Image',
      'User',
    ]);
    expect(current.openAfter).toBe(6);
  });

  it('finds a name as it is spelled and in lower case', () => {
    const { ranks } = readingOrders(catalogue.get(5)).current;
    expect([ranks.get('User'), ranks.get('user'), ranks.get('USER')]).toEqual([6, 6, undefined]);
  });

  it('lets unknown names be fields in the current order alone', () => {
    const { older } = readingOrders(catalogue.get(6));
    expect(older).toHaveLength(1);
    expect(older[0]).not.toHaveProperty('openAfter');
  });

  it('takes every name for a field where the kind is unknown', () => {
    expect(readingOrders(undefined)).toEqual({ current: openOrder, older: [] });
    expect(openOrder).toMatchObject({ names: [], openAfter: -1 });
  });

  /** Each is text that somebody can choose; another one here would let a forged line take a field's place. */
  it('lets a value run over lines where its text can hold a line break, and nowhere else', () => {
    const multiline = new Set<string>();
    for (const kind of catalogue.values()) {
      const { names, multiline: flags } = readingOrders(kind).current;
      names.forEach((name, rank) => {
        if (flags[rank]) multiline.add(name);
      });
    }
    expect([...multiline].sort()).toEqual([
      'ClientInfo',
      'CommandLine',
      'Company',
      'Configuration',
      'Consumer',
      'Contents',
      'Description',
      'Destination',
      'Details',
      'EventNamespace',
      'FileVersion',
      'Filter',
      'Name',
      'NewName',
      'OriginalFileName',
      'ParentCommandLine',
      'PipeName',
      'Product',
      'Query',
      'QueryName',
      'QueryResults',
      'TargetFilename',
      'TargetObject',
    ]);
  });
});
