-- One row for each call. What is above `state` is fixed at admission.
CREATE TABLE calls (
  call_id text PRIMARY KEY,
  tenant_id text NOT NULL,
  number_id text NOT NULL,
  request_id text NOT NULL,
  from_e164 text NOT NULL,
  to_e164 text NOT NULL,
  carrier smallint NOT NULL,
  carrier_tenant_id text NOT NULL,
  carrier_number_id text NOT NULL,
  llm_tenant_id text NOT NULL,
  llm_number_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('bundled', 'byok_tenant')),
  rate_id text NOT NULL,
  rate_currency text NOT NULL,
  rate_micros bigint NOT NULL,
  rate_increment_s bigint NOT NULL,
  create_time timestamptz NOT NULL,
  media_instance text NOT NULL,
  media_incarnation text NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'placing', 'ringing', 'answered', 'ended')),
  disposition text NOT NULL DEFAULT '',
  reason text NOT NULL DEFAULT '',
  message text NOT NULL DEFAULT '',
  carrier_call_id text NOT NULL DEFAULT '',
  carrier_sequence bigint NOT NULL DEFAULT -1,
  carrier_end_disposition text,
  carrier_end_answered_s bigint,
  carrier_end_time timestamptz,
  answer_time timestamptz,
  end_time timestamptz,
  answered_s bigint NOT NULL DEFAULT 0 CHECK (answered_s >= 0),
  settler text NOT NULL DEFAULT '',
  -- A lost call is claimed by whoever moves this ahead.
  settle_after timestamptz NOT NULL DEFAULT '-infinity',
  UNIQUE (tenant_id, request_id),
  CHECK ((state = 'ended') = (end_time IS NOT NULL)),
  CHECK ((state = 'ended') = (disposition <> ''))
);
CREATE INDEX calls_by_tenant ON calls (tenant_id, create_time DESC, call_id DESC);
-- Live calls are few among many: what is counted at admission and looked at every second.
CREATE INDEX calls_live_by_tenant ON calls (tenant_id) WHERE state <> 'ended';
CREATE INDEX calls_live_by_llm ON calls (llm_tenant_id, llm_number_id) WHERE state <> 'ended';
CREATE INDEX calls_live_by_instance ON calls (media_instance) WHERE state <> 'ended';

-- Media instances, as their heartbeats tell.
CREATE TABLE media_instances (
  name text PRIMARY KEY,
  address text NOT NULL,
  incarnation text NOT NULL,
  capacity bigint NOT NULL,
  live_calls bigint NOT NULL,
  draining boolean NOT NULL,
  heartbeat_time timestamptz NOT NULL
) WITH (fillfactor = 50);

-- The tenants' own do-not-call lists.
CREATE TABLE dnc (
  tenant_id text NOT NULL,
  e164 text NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, e164)
);

-- Usage on its way to billing; lib/pg/outbox.h.
CREATE TABLE outbox (
  message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  key text NOT NULL,
  payload bytea NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_time timestamptz NOT NULL DEFAULT now(),
  last_error text NOT NULL DEFAULT '',
  create_time timestamptz NOT NULL DEFAULT now(),
  UNIQUE (topic, key)
);
CREATE INDEX outbox_due ON outbox (next_attempt_time);

GRANT SELECT, INSERT, UPDATE, DELETE ON calls TO dialer;
GRANT SELECT, INSERT, UPDATE ON media_instances TO dialer;
GRANT SELECT, INSERT, DELETE ON dnc TO dialer;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO dialer;
