-- Leases are revoked by their keys' tenant, also when the key itself is gone; and are moved once to
-- the other version of their key.
ALTER TABLE leases
  ADD COLUMN tenant_id text NOT NULL DEFAULT '',
  ADD COLUMN number_id text NOT NULL DEFAULT '',
  -- The version that it held before its one switch.
  ADD COLUMN switched_from integer;

-- Leases that ended before their time, as their holders are told. Numbers are handed out under a
-- lock that is held until the commit, so a smaller one never appears after a larger. Swept after an
-- hour.
CREATE TABLE revocations (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time timestamptz NOT NULL DEFAULT now(),
  caller text NOT NULL,
  lease_id text NOT NULL,
  call_id text NOT NULL,
  reason text NOT NULL CHECK (reason IN ('key_deleted', 'revoked_by_ops', 'tenant_shredded'))
);
CREATE INDEX revocations_by_caller ON revocations (caller, number);
CREATE INDEX revocations_by_time ON revocations (time);

-- Root keys under which nothing is wrapped any more. A ring that calls one current is refused.
CREATE TABLE retired_root_keys (
  root_key_id text PRIMARY KEY,
  retire_time timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, DELETE ON revocations TO keyvault;
GRANT SELECT, INSERT ON retired_root_keys TO keyvault;
GRANT UPDATE (root_key_id, wrapped_key), DELETE ON tenant_keys TO keyvault;
