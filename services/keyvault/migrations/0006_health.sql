-- The health of each version: what probes and calls have shown it to be worth.
ALTER TABLE key_versions
  DROP CONSTRAINT key_versions_status_check,
  ADD CONSTRAINT key_versions_status_check
    CHECK (status IN ('valid', 'invalid', 'degraded', 'exhausted', 'unreachable')),
  ADD COLUMN status_time timestamptz NOT NULL DEFAULT now(),
  -- A fixed word: why it is not valid.
  ADD COLUMN status_reason text NOT NULL DEFAULT '',
  ADD COLUMN troubles integer NOT NULL DEFAULT 0,
  ADD COLUMN trouble_time timestamptz NOT NULL DEFAULT 'epoch',
  ADD COLUMN ask_time timestamptz NOT NULL DEFAULT 'epoch',
  -- When it is probed next; NULL: not planned yet. A claim moves it on.
  ADD COLUMN check_time timestamptz,
  ADD COLUMN ceiling_time timestamptz NOT NULL DEFAULT 'epoch';
UPDATE key_versions SET status_time = validate_time;
CREATE INDEX key_versions_due ON key_versions (check_time) WHERE supersede_time IS NULL;

CREATE OR REPLACE VIEW stored_keys AS
  SELECT k.key_id, k.tenant_id, k.number_id, k.provider, v.version, v.status, v.preview,
    v.validate_time, k.create_time, v.call_ceiling, v.trial, v.carrier_account, v.phone_number,
    t.wrapped_key AS tenant_key, v.data_key, v.fingerprint,
    (SELECT array_agg(f.name ORDER BY f.name) FROM key_fields f
       WHERE f.key_id = v.key_id AND f.version = v.version) AS field_names,
    (SELECT array_agg(encode(f.blob, 'hex') ORDER BY f.name) FROM key_fields f
       WHERE f.key_id = v.key_id AND f.version = v.version) AS field_blobs,
    v.version = k.version AS current,
    v.status_time, v.status_reason
  FROM keys k
  JOIN key_versions v ON v.key_id = k.key_id
  JOIN tenant_keys t ON t.tenant_id = k.tenant_id;

-- What tenants are to know, on its way to orchestrator (lib/pg/outbox.h).
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
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO keyvault;
