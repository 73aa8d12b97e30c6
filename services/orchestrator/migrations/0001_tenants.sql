-- Tenants, their API keys, and their numbers with agents.

CREATE TABLE tenants (
  tenant_id text PRIMARY KEY,
  request_id text NOT NULL UNIQUE,
  name text NOT NULL,
  country text NOT NULL,
  currency text NOT NULL,
  plan text NOT NULL CHECK (plan IN ('free', 'pro', 'byok')),
  mode text NOT NULL CHECK (mode IN ('bundled', 'byok')),
  onboarded boolean NOT NULL DEFAULT false,
  countries text[] NOT NULL,
  window_start_minute integer NOT NULL,
  window_end_minute integer NOT NULL,
  concurrent_calls_max integer NOT NULL,
  create_time timestamptz NOT NULL,
  CONSTRAINT plan_includes_mode CHECK (mode = 'bundled' OR plan = 'byok')
);

-- Only the hash of an API key is kept.
CREATE TABLE api_keys (
  api_key_id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  label text NOT NULL,
  hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  create_time timestamptz NOT NULL,
  revoke_time timestamptz
);

CREATE TABLE numbers (
  number_id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  request_id text NOT NULL,
  e164 text NOT NULL,
  carrier smallint NOT NULL,
  platform_owned boolean NOT NULL,
  system_prompt text NOT NULL,
  first_message text NOT NULL,
  voice_id text NOT NULL,
  llm_model text NOT NULL,
  stt_model text NOT NULL,
  tts_model text NOT NULL,
  language text NOT NULL,
  record boolean NOT NULL,
  call_duration_max_ms bigint NOT NULL CHECK (call_duration_max_ms > 0),
  create_time timestamptz NOT NULL,
  CONSTRAINT numbers_request UNIQUE (tenant_id, request_id),
  CONSTRAINT numbers_e164 UNIQUE (e164)
);
CREATE INDEX numbers_by_age ON numbers (tenant_id, create_time, number_id);

GRANT USAGE ON SCHEMA orchestrator TO orchestrator;
GRANT SELECT, INSERT, UPDATE ON tenants, api_keys, numbers TO orchestrator;
