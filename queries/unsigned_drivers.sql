-- name: Drivers without a valid signature
-- description: Drivers that Windows loaded although they are not signed, or their signature is not valid (expired,
--   revoked): rootkits, and drivers that are brought along for their weakness. The hashes can be looked up.
-- technique: T1014, T1068, T1543.003
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(min(time) / 1000e0) AS first_load,
  image_loaded,
  signature,
  signature_status,
  hashes,
  count(*) AS loads,
  count(DISTINCT host) AS hosts,
  min(host) AS first_host
FROM driver_load
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND (signed = 'false' OR signature_status <> 'Valid')
GROUP BY 2, 3, 4, 5
ORDER BY hosts, first_load, image_loaded
