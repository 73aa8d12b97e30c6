-- The chain of audit rows: each row's hash is over its fields and the hash of its tenant's row
-- before. Numbers count up from 1 within a tenant, without gaps. Rows of before have none of these.
ALTER TABLE audit
  ADD COLUMN number bigint CHECK (number >= 1),
  ADD COLUMN count bigint NOT NULL DEFAULT 1 CHECK (count >= 1),
  ADD COLUMN root_key_id text,
  ADD COLUMN hash bytea;
-- Two writers that took the same row for the last one cannot both go on from it.
CREATE UNIQUE INDEX audit_chain ON audit (tenant_id, number);
CREATE INDEX audit_by_provider ON audit (tenant_id, provider, number);
CREATE INDEX audit_by_time ON audit (time);
DROP INDEX audit_by_tenant;

-- The chains. The adapter reads it by position: services/keyvault/adapters/audit_rows.cc.
CREATE VIEW chained_audit AS
  SELECT tenant_id, number, time, action, outcome, actor, number_id, provider, key_id,
    key_version, lease_id, call_id, reason, count, root_key_id, hash
  FROM audit WHERE number IS NOT NULL;

-- Where the chains of these tenants stand, which nobody moves until the transaction ends. They are
-- locked in the order that they come in, sorted, so that no two writers wait for each other; and
-- each is read after its lock, in a snapshot of its own.
CREATE FUNCTION audit_heads(tenants text[])
  RETURNS TABLE (tenant text, last_number bigint, last_hash bytea, now_time timestamptz)
  LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  FOREACH tenant IN ARRAY tenants LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('keyvault audit ' || tenant, 0));
  END LOOP;
  RETURN QUERY
    SELECT t.tenant_id, coalesce(a.number, 0), coalesce(a.hash, ''::bytea), clock_timestamp()
      FROM unnest(tenants) t (tenant_id)
      LEFT JOIN LATERAL (
        SELECT audit.number, audit.hash FROM audit
          WHERE audit.tenant_id = t.tenant_id AND audit.number IS NOT NULL
          ORDER BY audit.number DESC LIMIT 1) a ON true;
END $$;

-- Renewals are many and all alike: one row for each instance and minute, outside of the chains.
CREATE TABLE renewals (
  caller text NOT NULL,
  minute timestamptz NOT NULL,
  -- How many leases its first renewal of the minute moved.
  lease_count bigint NOT NULL,
  PRIMARY KEY (caller, minute)
);

-- A lease that its holder gave back: tickets to run its call give that holder nothing any more.
ALTER TABLE leases ADD COLUMN given_back boolean NOT NULL DEFAULT false;

-- Media instances that may lease nothing until an operator unfreezes them.
CREATE TABLE frozen_callers (
  caller text PRIMARY KEY,
  freeze_time timestamptz NOT NULL DEFAULT now()
);

-- When a tenant's keys were probed, so that nobody tries out stolen ones here. Swept after a day.
CREATE TABLE probes (
  tenant_id text NOT NULL,
  time timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX probes_by_tenant ON probes (tenant_id, time);
CREATE INDEX probes_by_time ON probes (time);

GRANT SELECT ON chained_audit TO keyvault;
GRANT SELECT, INSERT ON renewals TO keyvault;
GRANT SELECT, INSERT, DELETE ON frozen_callers, probes TO keyvault;
