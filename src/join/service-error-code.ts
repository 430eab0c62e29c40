/**
 * The code of what an AWS client threw: the system's where the service was not reached (ECONNREFUSED), else the
 * name that the service gave its error.
 */
export function serviceErrorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown';
}
