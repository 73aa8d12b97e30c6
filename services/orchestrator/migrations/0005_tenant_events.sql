-- What a tenant is to know besides its calls. A tenant need not be in the table of tenants: the
-- platform's own keys have events, too.
CREATE TABLE tenant_events (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id text NOT NULL UNIQUE,
  tenant_id text NOT NULL,
  kind text NOT NULL,
  event_time timestamptz NOT NULL,
  message text NOT NULL,
  detail_names text[] NOT NULL,
  detail_values text[] NOT NULL,
  source text NOT NULL
);
CREATE INDEX tenant_events_by_tenant ON tenant_events (tenant_id, position);

GRANT SELECT, INSERT ON tenant_events TO orchestrator;
