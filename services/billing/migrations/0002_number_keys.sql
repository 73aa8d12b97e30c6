-- Calls on a number's own key: the product page's rate on Pro; nothing on the plan BYOK, whose
-- tenants pay no minutes on keys of their own.
INSERT INTO rate_cards (rate_id, plan, mode, currency, per_minute_micros, monthly_micros) VALUES
  ('pro-number-key-usd', 'pro', 'byok_number', 'USD', 100000, NULL),
  ('byok-number-key-usd', 'byok', 'byok_number', 'USD', 0, 150000000),
  ('byok-number-key-inr', 'byok', 'byok_number', 'INR', 0, 10000000000);
