// The events of a Realtime session, as the package `openai` types them; openai_schema.mjs makes
// JSON schemas of these.
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';

export type ClientEvent = RealtimeClientEvent;
export type ServerEvent = RealtimeServerEvent;
