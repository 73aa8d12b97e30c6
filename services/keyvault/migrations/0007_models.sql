-- The model that a version was tested for when it was saved; '' for the usual one. Later probes ask
-- for the same.
ALTER TABLE key_versions ADD COLUMN model text NOT NULL DEFAULT '';

CREATE OR REPLACE VIEW stored_keys AS
  SELECT k.key_id, k.tenant_id, k.number_id, k.provider, v.version, v.status, v.preview,
    v.validate_time, k.create_time, v.call_ceiling, v.trial, v.carrier_account, v.phone_number,
    t.wrapped_key AS tenant_key, v.data_key, v.fingerprint,
    (SELECT array_agg(f.name ORDER BY f.name) FROM key_fields f
       WHERE f.key_id = v.key_id AND f.version = v.version) AS field_names,
    (SELECT array_agg(encode(f.blob, 'hex') ORDER BY f.name) FROM key_fields f
       WHERE f.key_id = v.key_id AND f.version = v.version) AS field_blobs,
    v.version = k.version AS current,
    v.status_time, v.status_reason, v.model
  FROM keys k
  JOIN key_versions v ON v.key_id = k.key_id
  JOIN tenant_keys t ON t.tenant_id = k.tenant_id;
