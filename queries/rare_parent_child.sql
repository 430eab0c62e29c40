-- name: Rare parent–child pairs
-- description: Programs that can run code for others, under a parent that starts them on one host alone, at most
--   twice. Both the parent and the child are seen elsewhere without each other, so that a new program is not a
--   finding by itself: the lake should hold some days of several hosts.
-- technique: T1059, T1218, T1055
-- kind: hunt
-- mapping: both
WITH launches AS (
  SELECT DISTINCT
    metadata.uid AS uid,
    time,
    device.hostname AS host,
    coalesce(process.user.domain || '\', '') || process.user.name AS user_account,
    coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS parent_image,
    actor.process.cmd_line AS parent_command_line,
    process.cmd_line AS command_line,
    lower(actor.process.name) AS parent,
    lower(process.name) AS child
  FROM process_activity
  WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
    AND metadata.event_code = '1'
    AND actor.process.name IS NOT NULL
),
counted AS (
  SELECT
    *,
    count(*) OVER (PARTITION BY parent, child) AS pair_launches,
    count(*) OVER (PARTITION BY child) AS child_launches,
    min(host) OVER (PARTITION BY parent, child) AS first_host,
    max(host) OVER (PARTITION BY parent, child) AS last_host
  FROM launches
)
SELECT
  from_unixtime(time / 1000e0) AS launched,
  host,
  user_account,
  parent_image,
  parent_command_line,
  child,
  command_line,
  pair_launches,
  child_launches
FROM counted
WHERE pair_launches <= 2
  AND first_host = last_host
  AND child_launches > 2 * pair_launches
  AND child IN (
    'cmd.exe', 'powershell.exe', 'pwsh.exe', 'wscript.exe', 'cscript.exe', 'mshta.exe', 'rundll32.exe',
    'regsvr32.exe',
    'msbuild.exe', 'wmic.exe', 'net.exe', 'net1.exe', 'sc.exe', 'schtasks.exe', 'reg.exe', 'whoami.exe', 'nltest.exe',
    'ping.exe', 'bitsadmin.exe', 'certutil.exe', 'svchost.exe', 'lsass.exe', 'services.exe', 'taskhostw.exe',
    'dllhost.exe'
  )
  AND parent NOT IN ('explorer.exe', 'services.exe', 'wininit.exe', 'userinit.exe')
ORDER BY pair_launches, time, host
