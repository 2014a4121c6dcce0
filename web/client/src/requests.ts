import type { ParleyError } from './errors.ts';
import type { Resend } from './line.ts';
import type { Data } from './wire.ts';

/** A frame that has no answer yet. */
export interface Request {
  readonly id: string;
  readonly text: string;
  readonly resend: Resend;
  resolve(data: Data): void;
  reject(e: ParleyError): void;
}

/** The requests of a line that have no answer yet, in the order in which they were made. */
export class Requests {
  readonly #unanswered = new Map<string, Request>();

  add(request: Request): void {
    this.#unanswered.set(request.id, request);
  }

  /** Takes the one that is answered. A second answer, to what was sent twice, finds nothing. */
  take(id: string | undefined): Request | undefined {
    const request = this.#unanswered.get(id ?? '');
    if (request) this.#unanswered.delete(request.id);
    return request;
  }

  /** Those for which `which` holds, as they are now. */
  where(which: (r: Request) => boolean): Request[] {
    return [...this.#unanswered.values()].filter(which);
  }

  has(request: Request): boolean {
    return this.#unanswered.has(request.id);
  }

  reject(which: (r: Request) => boolean, e: ParleyError): void {
    for (const request of this.where(which)) this.take(request.id)?.reject(e);
  }
}
