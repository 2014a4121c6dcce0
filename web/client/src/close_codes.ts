/** Close codes (RFC 6455, section 7.4) that the library knows by name. */
export const closeCodes = {
  normal: 1000,
  lost: 1006, // never on the wire: there was no close frame
  unauthenticated: 4401,
  forbidden: 4403,
  replaced: 4409,
} as const;

/** The codes after which one does not come back. */
const final = new Set([1000, 1002, 1003, 1007, 1009, 4401, 4403, 4409, 4410]);

/** Whether a socket that was closed so, or a subscription that ended so, is to be opened again. */
export const comesBack = (code: number): boolean => !final.has(code);
