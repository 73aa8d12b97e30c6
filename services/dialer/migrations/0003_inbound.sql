-- Calls that people make to our numbers. The carrier names them, and asks about each any number of
-- times: there is one record for each name.
ALTER TABLE calls ADD COLUMN direction text NOT NULL DEFAULT 'outbound'
  CHECK (direction IN ('outbound', 'inbound'));
CREATE UNIQUE INDEX calls_inbound ON calls (carrier, carrier_call_id)
  WHERE direction = 'inbound';
