-- The operator's prices. One line for each plan, billing mode and currency that is sold.
CREATE TABLE rate_cards (
  rate_id text PRIMARY KEY,
  plan text NOT NULL,
  mode text NOT NULL,
  currency text NOT NULL,
  per_minute_micros bigint NOT NULL CHECK (per_minute_micros >= 0),
  increment_s bigint NOT NULL DEFAULT 1 CHECK (increment_s > 0),
  -- The plan's fee for a month; NULL where the operator has not set one.
  monthly_micros bigint CHECK (monthly_micros >= 0),
  UNIQUE (plan, mode, currency)
);

-- What the product page promises. Other currencies and Pro's fee are the operator's to add.
INSERT INTO rate_cards (rate_id, plan, mode, currency, per_minute_micros, monthly_micros) VALUES
  ('free-bundled-usd', 'free', 'bundled', 'USD', 400000, 0),
  ('pro-bundled-usd', 'pro', 'bundled', 'USD', 400000, NULL),
  ('byok-bundled-usd', 'byok', 'bundled', 'USD', 400000, 150000000),
  ('byok-own-keys-usd', 'byok', 'byok_tenant', 'USD', 0, 150000000),
  ('byok-own-keys-inr', 'byok', 'byok_tenant', 'INR', 0, 10000000000);

-- The books: one row for each call that ended, never changed.
CREATE TABLE usage_events (
  call_id text PRIMARY KEY,
  tenant_id text NOT NULL,
  number_id text NOT NULL,
  answered_s bigint NOT NULL CHECK (answered_s >= 0),
  billed_s bigint NOT NULL CHECK (billed_s >= answered_s),
  rate_id text NOT NULL,
  per_minute_micros bigint NOT NULL,
  increment_s bigint NOT NULL CHECK (increment_s > 0),
  mode text NOT NULL,
  currency text NOT NULL,
  cost_micros bigint NOT NULL CHECK (cost_micros >= 0),
  end_time timestamptz NOT NULL,
  record_time timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX usage_events_by_tenant ON usage_events (tenant_id, end_time, call_id);

GRANT SELECT ON rate_cards TO billing;
GRANT SELECT, INSERT ON usage_events TO billing;
