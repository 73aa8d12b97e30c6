-- Agents that hold a call in one OpenAI Realtime session.

ALTER TABLE numbers
  ADD COLUMN pipeline text NOT NULL DEFAULT 'composed'
    CHECK (pipeline IN ('composed', 'realtime')),
  ADD COLUMN realtime_model text NOT NULL DEFAULT '',
  ADD COLUMN realtime_voice text NOT NULL DEFAULT '',
  ADD COLUMN turn_detection text NOT NULL DEFAULT 'server_vad'
    CHECK (turn_detection IN ('server_vad', 'semantic_vad'));
