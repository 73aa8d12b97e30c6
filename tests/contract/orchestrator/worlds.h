// Worlds: orchestrator's stores, once as fakes and once on Postgres, for the contract suites.
#pragma once

#include <boost/asio/io_context.hpp>

#include "lib/pg/migrate.h"
#include "lib/pg/pool.h"
#include "migrations/orchestrator.h"
#include "services/orchestrator/adapters/postgres_api_key_store.h"
#include "services/orchestrator/adapters/postgres_call_event_store.h"
#include "services/orchestrator/adapters/postgres_number_store.h"
#include "services/orchestrator/adapters/postgres_tenant_event_store.h"
#include "services/orchestrator/adapters/postgres_tenant_store.h"
#include "tests/support/await.h"
#include "tests/support/orchestrator/fake_call_event_store.h"
#include "tests/support/orchestrator/fake_number_store.h"
#include "tests/support/orchestrator/fake_tenant_event_store.h"
#include "tests/support/orchestrator/fake_tenant_store.h"
#include "tests/support/orchestrator/samples.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {

struct FakeWorld {
  boost::asio::io_context io{1};
  FakeTenantStore tenants;
  FakeApiKeyStore api_keys{tenants};
  FakeNumberStore numbers{tenants};
  FakeCallEventStore events;
  FakeTenantEventStore tenant_events;
};

struct PostgresWorld {
  PostgresWorld() {
    const pg::MigrateOptions options{database.owner, "orchestrator"};
    EXPECT_THAT(Await(io, pg::Migrate(io.get_executor(), options, Migrations())), IsOk());
  }

  pg::PoolOptions Options() const {
    pg::PoolOptions options;
    options.conninfo = database.service;
    options.schema = "orchestrator";
    return options;
  }

  boost::asio::io_context io{1};
  TestDatabase database = PostgresCluster::Shared().MakeDatabase("orchestrator");
  pg::Pool pool{io.get_executor(), Options()};
  PostgresTenantStore tenants{pool};
  PostgresApiKeyStore api_keys{pool};
  PostgresNumberStore numbers{pool};
  PostgresCallEventStore events{pool};
  PostgresTenantEventStore tenant_events{pool};
};

using Worlds = ::testing::Types<FakeWorld, PostgresWorld>;

}  // namespace latchkey::orchestrator
