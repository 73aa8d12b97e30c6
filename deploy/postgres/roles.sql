-- Roles: for each service an owner, who makes its schema, and a role that it works as.
--
--   psql -v services=keyvault,dialer -f roles.sql
--
-- Run once per database by a superuser, before `<service> --migrate`; again does no harm. The
-- migrations grant the service's role what it needs in its schema. Passwords are not set here: in
-- a cluster, ALTER ROLE … PASSWORD comes from the secret store; the private cluster of the scripts
-- trusts its socket.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE CONNECT, TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;

SELECT format('CREATE ROLE %I LOGIN', role)
  FROM unnest(string_to_array(:'services', ',')) AS service,
       unnest(ARRAY[service, service || '_owner']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

SELECT format('GRANT CONNECT ON DATABASE %I TO %I, %I', current_database(), service,
              service || '_owner')
  FROM unnest(string_to_array(:'services', ',')) AS service
\gexec

-- The schema belongs to the owner; the service's role may look into it and no other.
SELECT format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', service, service || '_owner')
  FROM unnest(string_to_array(:'services', ',')) AS service
\gexec

SELECT format('GRANT USAGE ON SCHEMA %I TO %I', service, service)
  FROM unnest(string_to_array(:'services', ',')) AS service
\gexec

SELECT format('ALTER ROLE %I SET search_path = %I', role, service)
  FROM unnest(string_to_array(:'services', ',')) AS service,
       unnest(ARRAY[service, service || '_owner']) AS role
\gexec
