-- True when a ticket gives no new leases: it has given some, or it is to run a call whose leases its
-- holder gave back. One look into an index for each, however the planner judges the table: when
-- statistics are of a quiet hour, it would read all of it for every grant.
CREATE FUNCTION ticket_is_spent(nonce bytea, call text, holder text, runs_call boolean)
  RETURNS boolean
  LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN EXISTS (SELECT FROM leases WHERE ticket_nonce = nonce)
    OR (runs_call AND EXISTS (SELECT FROM leases
      WHERE call_id = call AND caller = holder AND given_back));
END $$;
