-- Old events are deleted (--event-retention), the oldest first.
CREATE INDEX tenant_events_by_time ON tenant_events (event_time);
GRANT DELETE ON tenant_events TO orchestrator;
