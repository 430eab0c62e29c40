-- name: Unsigned modules in processes
-- description: Modules without a valid signature that a process loaded from where every user may write, or that a
--   program of Windows loaded from anywhere (side-loading). Native images of .NET, which nobody signs, and a
--   program's own image are left out.
-- technique: T1574.001, T1129
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(min(time) / 1000e0) AS first_load,
  image,
  image_loaded,
  signature,
  signature_status,
  hashes,
  count(*) AS loads,
  count(DISTINCT host) AS hosts,
  min(host) AS first_host
FROM image_load
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND (signed = 'false' OR signature_status <> 'Valid')
  AND lower(image_loaded) <> coalesce(lower(image), '')
  AND lower(image_loaded) NOT LIKE 'c:\windows\assembly\nativeimages%'
  AND (
    lower(image_loaded) LIKE 'c:\users\%'
    OR lower(image_loaded) LIKE 'c:\programdata\%'
    OR lower(image_loaded) LIKE 'c:\windows\temp\%'
    OR lower(image_loaded) LIKE 'c:\temp\%'
    OR lower(image_loaded) LIKE 'c:\perflogs\%'
    OR lower(image_loaded) LIKE 'c:\$recycle.bin\%'
    OR lower(image_loaded) LIKE '\\%'
    OR lower(image) LIKE 'c:\windows\%'
  )
GROUP BY 2, 3, 4, 5, 6
ORDER BY hosts, first_load, image_loaded
