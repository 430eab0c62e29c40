-- name: Alternate data streams
-- description: Streams that were written beside the content of a file, other than those that Windows and browsers
--   write. contents is the text of a small stream. Zone.Identifier, the mark of the web, is left out.
-- technique: T1564.004
-- kind: hunt
-- mapping: both
SELECT
  from_unixtime(time / 1000e0) AS written,
  device.hostname AS host,
  coalesce(actor.user.domain || '\', '') || actor.user.name AS user_account,
  coalesce(actor.process.file.path, actor.process.file.name, actor.process.name) AS image,
  file.path AS file,
  component AS stream,
  element_at(unmapped, 'Contents') AS contents
FROM file_activity
WHERE eventday BETWEEN '20000101' AND '29991231' -- the days to look at
  AND metadata.event_code = '15'
  AND component IS NOT NULL
  AND lower(component) NOT IN (
    'zone.identifier',
    'smartscreen',
    'favicon',
    'encryptable',
    'com.dropbox.attributes',
    'com.dropbox.attrs',
    'ms-properties',
    '{4c8cc155-6c1e-11d1-8e41-00c04fb9386d}' -- FMTID of properties, which Windows keeps here
  )
ORDER BY time, host, file
