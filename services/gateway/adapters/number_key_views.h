// Number key views: the answers about numbers' keys, as the product's page shows them.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "services/gateway/adapters/api_request.h"

namespace latchkey::gateway {

// {"ok", "model"}; with "warnings" where there are any, as in all that follow.
boost::json::object TestedView(const orchestrator::v1::AdmittedNumber& number,
                               const keyvault::v1::TestKeyResponse& tested);

// {"ok", "numberId", "voiceMode", "keyPreview", "configuredAt"}
boost::json::object SavedView(const orchestrator::v1::AdmittedNumber& number,
                              const keyvault::v1::Key& key,
                              const google::protobuf::RepeatedPtrField<std::string>& warnings);

// {"ok", "results": […]}: for each number SavedView's, or {"ok": false, "numberId", "error"}. 200
// when all went well, else 207. `unknown` is the error of the numbers that the tenant does not
// have.
Reply ManyReply(const orchestrator::v1::AdmitNumberKeysResponse& admitted,
                const keyvault::v1::PutNumberKeysResponse& saved, const absl::Status& unknown);

}  // namespace latchkey::gateway
