import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fields, SysmonEvent } from '../../src/sysmon/event.ts';
import { newFields } from '../../src/sysmon/event.ts';
import { eventProcessGuid, eventUid } from '../../src/sysmon/identity.ts';

const GUID = '6a910b9d-498a-5ee0-c903-000000000400';

const fieldsOf = (values: Record<string, string>): Fields => Object.assign(newFields(), values);

const event: SysmonEvent = {
  EventId: 1,
  Description: fieldsOf({ Image: 'a.exe', User: 'b' }),
  MachineName: 'host.example',
  LogName: 'Microsoft-Windows-Sysmon/Operational',
  Index: '713650',
  TimeCreated: '2020-06-10T02:50:54.631Z',
  UserDefined: newFields(),
};

const without = (...keys: (keyof SysmonEvent)[]): SysmonEvent =>
  // as: only optional keys are taken away below
  Object.fromEntries(
    Object.entries(event).filter(([key]) => !keys.some((gone) => gone === key)),
  ) as unknown as SysmonEvent;

describe('eventUid', () => {
  it('is 32 hexadecimal digits, the same today and tomorrow', () => {
    expect(eventUid(event)).toBe('4ada2a10bf541d99d472ad1c9302621e');
  });

  it('differs with each part of the identity', () => {
    const uids = [
      event,
      { ...event, MachineName: 'other.example' },
      { ...event, LogName: 'ForwardedEvents' },
      { ...event, Index: '713651' },
      { ...event, TimeCreated: '2020-06-10T02:50:54.632Z' },
      without('MachineName'),
      without('LogName'),
      without('Index'),
      without('TimeCreated'),
    ].map(eventUid);
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid).toMatch(/^[0-9a-f]{32}$/);
  });

  it('does not depend on what the event says', () => {
    expect(eventUid({ ...event, EventId: 3, Description: newFields(), UserName: 'x' })).toBe(eventUid(event));
  });

  it.each(['Index', 'TimeCreated'] as const)('takes the fields in where %s is absent', (key) => {
    const weak = without(key);
    const uid = eventUid(weak);
    expect(eventUid({ ...weak, EventId: 2 })).not.toBe(uid);
    expect(eventUid({ ...weak, Description: fieldsOf({ Image: 'a.exe', User: 'c' }) })).not.toBe(uid);
    expect(eventUid({ ...weak, Description: fieldsOf({ User: 'b', Image: 'a.exe' }) })).toBe(uid);
  });

  it.each(['Index', 'TimeCreated'] as const)('takes an empty %s for an absent one', (key) => {
    const weak = { ...event, [key]: '' };
    expect(eventUid({ ...weak, Description: newFields() })).not.toBe(eventUid(weak));
  });

  it('is not fooled by where one part ends and the next begins', () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(text, text, (first, second) => {
        const parted = eventUid({ ...event, MachineName: first, LogName: second });
        expect(eventUid({ ...event, MachineName: first + second, LogName: '' })).not.toBe(parted);
      }),
    );
  });
});

describe('eventProcessGuid', () => {
  it.each(['ProcessGuid', 'SourceProcessGuid', 'SourceProcessGUID'])('reads %s', (name) => {
    const Description = fieldsOf({ [name]: `{${GUID.toUpperCase()}}` });
    expect(eventProcessGuid({ ...event, Description })).toBe(GUID);
  });

  it('prefers ProcessGuid', () => {
    const Description = fieldsOf({ SourceProcessGuid: GUID.replace('6a', '7b'), ProcessGuid: GUID });
    expect(eventProcessGuid({ ...event, Description })).toBe(GUID);
  });

  it.each(['', '-', '{00000000-0000-0000-0000-000000000000}', 'x'])(
    'knows no process by %j',
    (ProcessGuid) => {
      expect(eventProcessGuid({ ...event, Description: fieldsOf({ ProcessGuid }) })).toBeUndefined();
    },
  );

  it('knows no process of an event that names none', () => {
    expect(eventProcessGuid(event)).toBeUndefined();
  });
});

describe('the identity of an event without Index', () => {
  it('is the same today and tomorrow', () => {
    expect(eventUid(without('Index'))).toBe('c24b9e3aad6524e06a50afcc3d5b8004');
  });
});
