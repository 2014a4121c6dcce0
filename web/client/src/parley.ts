// The library's public face: what a page imports.
export { type Login, type SignOptions, signIn, signUp } from './account.ts';
export { connect } from './connect.ts';
export type { Change, Engine } from './engine.ts';
export { type FieldError, ParleyError } from './errors.ts';
export type { ConnectionState } from './line.ts';
export type { Api, MessageQuery, Who } from './rest.ts';
export type { Call, CallEvents, CallStateName } from './types/call.ts';
export type { ConnectOptions, Parley, ParleyEvents } from './types/parley.ts';
export type { Peer, PeerEvents, Quality } from './types/peer.ts';
export type { OutgoingRing, OutgoingRingEvents, Ring, RingEvents, RingOver } from './types/ring.ts';
export type { Room, RoomEvents, RoomState } from './types/room.ts';
export type * from './wire.ts';
