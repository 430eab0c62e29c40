-- name: Domains that one process of one host asked for
-- description: Names whose domain one program on one host alone has looked up, at most 5 times: new infrastructure
--   is rare. The domain is the last two labels, three below such as co.uk. Browsers, names without a dot, reverse
--   lookups, the hosts' own domains and the domains of Windows' own services are left out; add what your fleet
--   talks to.
-- technique: T1071.004, T1568
-- kind: hunt
-- mapping: both
WITH own_domains AS (
  SELECT DISTINCT lower(substr(device.hostname, strpos(device.hostname, '.') + 1)) AS domain
  FROM dns_activity
  WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
    AND strpos(device.hostname, '.') > 0
),
labels AS (
  SELECT
    time,
    metadata.uid AS uid,
    device.hostname AS host,
    coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS image,
    coalesce(lower(actor.process.name), '') AS process_name,
    actor.process.cmd_line AS command_line,
    lower(rtrim(replace(query.hostname, ' ', ''))) AS name,
    reverse(lower(query.hostname)) AS backwards
  FROM dns_activity
  WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
    AND strpos(query.hostname, '.') > 0
    AND lower(query.hostname) NOT LIKE '%.'
    AND lower(query.hostname) NOT LIKE '%.arpa'
    AND lower(query.hostname) NOT LIKE '%.local'
),
queries AS (
  SELECT
    *,
    reverse(
      CASE
        WHEN length(split_part(backwards, '.', 1)) = 2 AND length(split_part(backwards, '.', 2)) <= 3
          THEN concat_ws('.', split_part(backwards, '.', 1), split_part(backwards, '.', 2),
            nullif(split_part(backwards, '.', 3), ''))
        ELSE split_part(backwards, '.', 1) || '.' || split_part(backwards, '.', 2)
      END
    ) AS domain
  FROM labels
)
SELECT
  from_unixtime(min(queries.time) / 1000e0) AS first_query,
  queries.domain AS domain,
  min(queries.host) AS host,
  min(queries.image) AS image,
  min(queries.command_line) AS command_line,
  min(queries.name) AS name,
  count(DISTINCT queries.uid) AS queries
FROM queries
LEFT JOIN own_domains
  ON queries.name = own_domains.domain
  OR substr(queries.name, length(queries.name) - length(own_domains.domain)) = '.' || own_domains.domain
WHERE own_domains.domain IS NULL
  AND queries.domain NOT IN (
    'microsoft.com', 'windows.com', 'windows.net', 'windowsupdate.com', 'msftncsi.com', 'msftconnecttest.com',
    'live.com',
    's-microsoft.com', 'onenote.net', 'msn.com', 'bing.com', 'office.com', 'office365.com', 'office.net',
    'outlook.com', 'skype.com', 'msedge.net',
    'azure.com', 'azureedge.net', 'microsoftonline.com', 'digicert.com', 'verisign.com', 'globalsign.com',
    'amazontrust.com', 'amazonaws.com', 'akamaized.net', 'akadns.net'
  )
GROUP BY queries.domain
HAVING count(DISTINCT queries.uid) <= 5
  AND count(DISTINCT queries.host) = 1
  AND count(DISTINCT queries.process_name) = 1
  AND min(queries.process_name) NOT IN (
    'chrome.exe', 'firefox.exe', 'msedge.exe', 'microsoftedge.exe', 'microsoftedgecp.exe', 'iexplore.exe',
    'brave.exe',
    'opera.exe', 'browser_broker.exe'
  )
ORDER BY 1, 2
