/** What is wrong with one field of a request. */
export interface FieldError {
  field: string;
  message: string;
}

/** What a {@link ParleyError} is made of. */
export interface Problem {
  code: string;
  message: string;
  temporary?: boolean;
  status?: number;
  fields?: FieldError[];
  retryAfterMs?: number;
}

/**
 * Every failure that the library reports. `code` is one of Parley's error codes, or of the library's own: `network` (no
 * answer) and `closed` (what it was asked of has ended).
 */
export class ParleyError extends Error {
  readonly code: string;
  /** Whether the same may succeed later, unchanged. */
  readonly temporary: boolean;
  /** HTTP status, where the failure came over HTTP. */
  readonly status?: number;
  /** The fields that are to blame. */
  readonly fields: FieldError[];
  /** How long to wait before trying again, where the server knows. */
  readonly retryAfterMs?: number;

  constructor({ code, message, temporary = false, status, fields = [], retryAfterMs }: Problem) {
    super(message);
    this.name = 'ParleyError';
    this.code = code;
    this.temporary = temporary;
    this.fields = fields;
    if (status !== undefined) this.status = status;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** The error of what was asked of something that has ended. */
export const closedError = (message = 'closed'): ParleyError => new ParleyError({ code: 'closed', message });
