-- What tenants' tool requests are signed with. The newest version signs; of the older ones only the
-- request that made them is kept, so that its repetition is known.
CREATE TABLE signing_secrets (
  tenant_id text NOT NULL REFERENCES tenant_keys ON DELETE CASCADE,
  version integer NOT NULL CHECK (version >= 1),
  request_id text NOT NULL,
  -- Wrapped by the tenant's key; fresh for each version. Empty once it is replaced, as is the blob.
  data_key bytea NOT NULL,
  blob bytea NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, version),
  UNIQUE (tenant_id, request_id)
);

GRANT SELECT, INSERT ON signing_secrets TO keyvault;
GRANT UPDATE (data_key, blob) ON signing_secrets TO keyvault;
