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
export declare class ParleyError extends Error {
    readonly code: string;
    /** Whether the same may succeed later, unchanged. */
    readonly temporary: boolean;
    /** HTTP status, where the failure came over HTTP. */
    readonly status?: number;
    /** The fields that are to blame. */
    readonly fields: FieldError[];
    /** How long to wait before trying again, where the server knows. */
    readonly retryAfterMs?: number;
    constructor({ code, message, temporary, status, fields, retryAfterMs }: Problem);
}
/** The error of what was asked of something that has ended. */
export declare const closedError: (message?: string) => ParleyError;
