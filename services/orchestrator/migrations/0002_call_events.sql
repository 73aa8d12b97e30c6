-- What happened in calls.

-- One row for each call that something is known of; its lock gives the call's events their order.
CREATE TABLE calls (
  call_id text PRIMARY KEY,
  tenant_id text NOT NULL,
  last_position bigint NOT NULL DEFAULT 0,
  ended boolean NOT NULL DEFAULT false
);

CREATE TABLE call_events (
  call_id text NOT NULL REFERENCES calls,
  position bigint NOT NULL,
  -- Who reported it, "media/m1"; sequences count within a call and its source.
  source text NOT NULL,
  sequence bigint NOT NULL,
  kind text NOT NULL,
  event_time timestamptz NOT NULL,
  -- A serialized latchkey.orchestrator.v1.CallEvent.
  body bytea NOT NULL,
  PRIMARY KEY (call_id, position),
  UNIQUE (call_id, source, sequence)
);

GRANT SELECT, INSERT, UPDATE ON calls TO orchestrator;
GRANT SELECT, INSERT ON call_events TO orchestrator;
