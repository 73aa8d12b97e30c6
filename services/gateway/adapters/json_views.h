// JSON views: how the API shows what the services answer. Names are camelCase, times RFC 3339 in
// UTC, durations in whole milliseconds, money as a decimal text with its currency.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "latchkey/billing/v1/billing.pb.h"
#include "latchkey/dialer/v1/dialer.pb.h"
#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"

namespace latchkey::gateway {

boost::json::object KeyView(const keyvault::v1::Key& key);
boost::json::object KeyUseView(const keyvault::v1::AuditEntry& entry);
boost::json::object FactsView(const keyvault::v1::AccountFacts& facts);
boost::json::object TenantView(const orchestrator::v1::Tenant& tenant);
boost::json::object OnboardingView(const orchestrator::v1::GetOnboardingResponse& onboarding);
boost::json::object NumberView(const orchestrator::v1::Number& number);
boost::json::object CallView(const dialer::v1::Call& call);
boost::json::object EventView(const orchestrator::v1::CallEvent& event);
boost::json::object TenantEventView(const orchestrator::v1::Event& event);
boost::json::object TranscriptView(const orchestrator::v1::GetTranscriptResponse& transcript);
boost::json::object UsageView(const billing::v1::GetUsageResponse& usage);

}  // namespace latchkey::gateway
