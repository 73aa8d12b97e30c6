-- The keys of the envelope: one for each tenant, wrapped by a root key that is not in here.
CREATE TABLE tenant_keys (
  tenant_id text PRIMARY KEY,
  -- Names the root key, so that a ring that lacks it is seen at start.
  root_key_id text NOT NULL,
  wrapped_key bytea NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tenant_keys_by_root ON tenant_keys (root_key_id);

-- A provider key of a tenant, or of one of its numbers (number_id is '' for the whole tenant).
CREATE TABLE keys (
  key_id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenant_keys,
  number_id text NOT NULL,
  provider smallint NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  create_time timestamptz NOT NULL,
  UNIQUE (tenant_id, provider, number_id)
);

-- What was saved under a key. The current version is the one that keys.version names; older ones
-- stay for as long as a lease holds them.
CREATE TABLE key_versions (
  key_id text NOT NULL REFERENCES keys ON DELETE CASCADE,
  version integer NOT NULL,
  status text NOT NULL CHECK (status IN ('valid', 'invalid')),
  preview text NOT NULL,
  -- Of all fields, keyed: tells whether the same key was saved again.
  fingerprint text NOT NULL,
  -- Wrapped by the tenant's key; fresh for each version.
  data_key bytea NOT NULL,
  call_ceiling integer NOT NULL,
  trial boolean NOT NULL,
  carrier_account text NOT NULL,
  phone_number text NOT NULL,
  validate_time timestamptz NOT NULL,
  supersede_time timestamptz,
  PRIMARY KEY (key_id, version)
);

-- The fields, each sealed by itself under the version's data key.
CREATE TABLE key_fields (
  key_id text NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  blob bytea NOT NULL,
  PRIMARY KEY (key_id, version, name),
  FOREIGN KEY (key_id, version) REFERENCES key_versions ON DELETE CASCADE
);

-- One row for each version, with all that is needed to tell of it and to open it. The adapter
-- reads it by position: services/keyvault/adapters/key_rows.cc.
CREATE VIEW stored_keys AS
  SELECT k.key_id, k.tenant_id, k.number_id, k.provider, v.version, v.status, v.preview,
    v.validate_time, k.create_time, v.call_ceiling, v.trial, v.carrier_account, v.phone_number,
    t.wrapped_key AS tenant_key, v.data_key, v.fingerprint,
    (SELECT array_agg(f.name ORDER BY f.name) FROM key_fields f
       WHERE f.key_id = v.key_id AND f.version = v.version) AS field_names,
    (SELECT array_agg(encode(f.blob, 'hex') ORDER BY f.name) FROM key_fields f
       WHERE f.key_id = v.key_id AND f.version = v.version) AS field_blobs,
    v.version = k.version AS current
  FROM keys k
  JOIN key_versions v ON v.key_id = k.key_id
  JOIN tenant_keys t ON t.tenant_id = k.tenant_id;

-- Makes a repeated PutKey harmless. Swept after a day.
CREATE TABLE saved_requests (
  tenant_id text NOT NULL,
  request_id text NOT NULL,
  number_id text NOT NULL,
  provider smallint NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, request_id)
);
CREATE INDEX saved_requests_by_time ON saved_requests (create_time);

-- Who holds which version, for which call, until when, by this database's clock. A row stays until
-- its lease has ended and its ticket is too old to be replayed.
CREATE TABLE leases (
  lease_id text PRIMARY KEY,
  ticket_nonce bytea NOT NULL,
  ticket_expire_time timestamptz NOT NULL,
  position integer NOT NULL,
  call_id text NOT NULL,
  caller text NOT NULL,
  public_key bytea NOT NULL,
  key_id text NOT NULL,
  key_version integer NOT NULL,
  provider smallint NOT NULL,
  grant_time timestamptz NOT NULL DEFAULT now(),
  expire_time timestamptz NOT NULL,
  lease_until timestamptz NOT NULL,
  release_time timestamptz,
  -- A ticket gives its leases once.
  UNIQUE (ticket_nonce, provider)
);
CREATE INDEX leases_by_call ON leases (call_id);
CREATE INDEX leases_by_key ON leases (key_id, key_version);
CREATE INDEX leases_by_end ON leases (expire_time);

-- Every use of a key. Rows are added and read, never changed: the service may do nothing else.
-- Ids and fixed words only, so that nothing secret can get in.
CREATE TABLE audit (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time timestamptz NOT NULL DEFAULT now(),
  action text NOT NULL,
  outcome text NOT NULL,
  actor text NOT NULL,
  tenant_id text NOT NULL,
  number_id text NOT NULL DEFAULT '',
  provider smallint,
  key_id text NOT NULL DEFAULT '',
  key_version integer,
  lease_id text NOT NULL DEFAULT '',
  call_id text NOT NULL DEFAULT '',
  reason text NOT NULL DEFAULT ''
);
CREATE INDEX audit_by_tenant ON audit (tenant_id, sequence);

GRANT USAGE ON SCHEMA keyvault TO keyvault;
GRANT SELECT, INSERT ON tenant_keys TO keyvault;
GRANT SELECT, INSERT, UPDATE, DELETE ON keys, key_versions TO keyvault;
GRANT SELECT, INSERT, DELETE ON key_fields, saved_requests TO keyvault;
GRANT SELECT, INSERT, UPDATE, DELETE ON leases TO keyvault;
GRANT SELECT ON stored_keys TO keyvault;
GRANT SELECT, INSERT ON audit TO keyvault;
