/**
 * Whether a text names a time zone as Go reads it: from a file of that name, so that case counts, and offsets such as
 * `+02:00` are no names.
 */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    // A name with another one for the same zone is taken as it is.
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
