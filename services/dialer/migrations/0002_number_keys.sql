-- Calls whose AI keys are all their number's.

ALTER TABLE calls DROP CONSTRAINT calls_mode_check;
ALTER TABLE calls ADD CONSTRAINT calls_mode_check
  CHECK (mode IN ('bundled', 'byok_tenant', 'byok_number'));
