-- What an agent can do beside speaking: arrays of objects, as adapters/tool_rows.cc writes them.
ALTER TABLE numbers
  ADD COLUMN tools jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN transfer_targets jsonb NOT NULL DEFAULT '[]';
