#include "services/orchestrator/adapters/postgres_number_store.h"

#include <utility>

#include "lib/base/check.h"
#include "lib/base/error.h"
#include "services/orchestrator/adapters/tool_rows.h"
#include "services/orchestrator/domain/reasons.h"

// For SELECT and RETURNING, in the order that ReadNumber expects.
#define LATCHKEY_NUMBER_COLUMNS                                                         \
  "number_id, tenant_id, e164, carrier, platform_owned, system_prompt, first_message,"  \
  " voice_id, llm_model, stt_model, tts_model, language, record, call_duration_max_ms," \
  " pipeline, realtime_model, realtime_voice, turn_detection, tools,"                   \
  " transfer_targets, create_time"

namespace latchkey::orchestrator {
namespace {

constexpr pg::Statement kCreate{
    "number_create",
    "INSERT INTO numbers (" LATCHKEY_NUMBER_COLUMNS
    ", request_id)"
    "  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
    "    $17, $18, $19, $20, $21, $22)"
    "  ON CONFLICT ON CONSTRAINT numbers_request DO NOTHING"
    "  RETURNING " LATCHKEY_NUMBER_COLUMNS};
constexpr pg::Statement kFindByRequest{"number_find_by_request",
                                       "SELECT " LATCHKEY_NUMBER_COLUMNS
                                       " FROM numbers WHERE tenant_id = $1 AND request_id = $2"};
constexpr pg::Statement kFind{"number_find",
                              "SELECT " LATCHKEY_NUMBER_COLUMNS
                              " FROM numbers WHERE tenant_id = $1 AND number_id = $2"};
constexpr pg::Statement kFindByE164{
    "number_find_by_e164", "SELECT " LATCHKEY_NUMBER_COLUMNS " FROM numbers WHERE e164 = $1"};
constexpr pg::Statement kReplaceAgent{
    "number_replace_agent",
    "UPDATE numbers SET system_prompt = $3, first_message = $4, voice_id = $5, llm_model = $6,"
    "    stt_model = $7, tts_model = $8, language = $9, record = $10, call_duration_max_ms = $11,"
    "    pipeline = $12, realtime_model = $13, realtime_voice = $14, turn_detection = $15,"
    "    tools = $16, transfer_targets = $17"
    "  WHERE tenant_id = $1 AND number_id = $2"
    "  RETURNING " LATCHKEY_NUMBER_COLUMNS};
constexpr pg::Statement kList{
    "number_list",
    "SELECT " LATCHKEY_NUMBER_COLUMNS
    " FROM numbers"
    "  WHERE tenant_id = $1 AND ($2::text IS NULL OR (create_time, number_id) >"
    "    (SELECT create_time, number_id FROM numbers WHERE tenant_id = $1 AND number_id = $2))"
    "  ORDER BY create_time, number_id LIMIT $3"};

// As the columns pipeline and turn_detection have them.
constexpr std::string_view kComposed = "composed";
constexpr std::string_view kRealtime = "realtime";
constexpr std::string_view kServerVad = "server_vad";
constexpr std::string_view kSemanticVad = "semantic_vad";

void AddAgent(const Agent& agent, pg::Params& params) {
  params.Add(agent.system_prompt)
      .Add(agent.first_message)
      .Add(agent.voice_id)
      .Add(agent.llm_model)
      .Add(agent.stt_model)
      .Add(agent.tts_model)
      .Add(agent.language)
      .Add(agent.record)
      .Add(absl::ToInt64Milliseconds(agent.call_duration_max))
      .Add(agent.pipeline == Pipeline::kRealtime ? kRealtime : kComposed)
      .Add(agent.realtime_model)
      .Add(agent.realtime_voice)
      .Add(agent.turn_detection == TurnDetection::kSemanticVad ? kSemanticVad : kServerVad)
      .Add(ToolsJson(agent.tools))
      .Add(TransferTargetsJson(agent.transfer_targets));
}

template <typename IdType>
IdType ReadId(const pg::Row& row, int column) {
  absl::StatusOr<IdType> id = IdType::Parse(row.Text(column));
  Check(id.ok(), "a row of numbers has a malformed id");
  return *std::move(id);
}

Number ReadNumber(const pg::Row& row) {
  Number number;
  number.id = ReadId<NumberId>(row, 0);
  number.tenant = ReadId<TenantId>(row, 1);
  number.e164 = row.Text(2);
  number.carrier = static_cast<Provider>(row.Int(3));
  number.platform_owned = row.Bool(4);
  number.agent.system_prompt = row.Text(5);
  number.agent.first_message = row.Text(6);
  number.agent.voice_id = row.Text(7);
  number.agent.llm_model = row.Text(8);
  number.agent.stt_model = row.Text(9);
  number.agent.tts_model = row.Text(10);
  number.agent.language = row.Text(11);
  number.agent.record = row.Bool(12);
  number.agent.call_duration_max = absl::Milliseconds(row.Int(13));
  if (row.Text(14) == kRealtime) number.agent.pipeline = Pipeline::kRealtime;
  number.agent.realtime_model = row.Text(15);
  number.agent.realtime_voice = row.Text(16);
  if (row.Text(17) == kSemanticVad) number.agent.turn_detection = TurnDetection::kSemanticVad;
  number.agent.tools = ReadTools(row.Text(18));
  number.agent.transfer_targets = ReadTransferTargets(row.Text(19));
  number.create_time = row.Time(20);
  return number;
}

absl::Status CreateError(const absl::Status& status) {
  if (Reason(status) == "foreign_key_violation") return TenantNotFound();
  if (Reason(status) != "unique_violation") return status;
  return Error(absl::StatusCode::kAlreadyExists, reasons::kNumberTaken,
               "Another number of the platform is this one. Use a number that is not in use here.");
}

absl::StatusOr<Number> OnlyNumber(const absl::StatusOr<pg::Rows>& rows) {
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return NumberNotFound();
  return ReadNumber(rows->front());
}

}  // namespace

Task<absl::StatusOr<Number>> PostgresNumberStore::Create(const Number& number,
                                                         const std::string& request_id) {
  pg::Params params(number.id.text(), number.tenant.text(), number.e164,
                    static_cast<int>(number.carrier), number.platform_owned);
  AddAgent(number.agent, params);
  params.Add(number.create_time).Add(request_id);
  absl::StatusOr<pg::Rows> made = co_await pool_.Query(kCreate, std::move(params));
  if (made.ok() && !made->empty()) co_return ReadNumber(made->front());
  // A repeated request meets one constraint or the other, whichever Postgres looks at first.
  absl::StatusOr<pg::Rows> known =
      co_await pool_.Query(kFindByRequest, pg::Params(number.tenant.text(), request_id));
  if (!made.ok() && (!known.ok() || known->empty())) co_return CreateError(made.status());
  co_return OnlyNumber(known);
}

Task<absl::StatusOr<Number>> PostgresNumberStore::Find(const TenantId& tenant,
                                                       const NumberId& number) {
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kFind, pg::Params(tenant.text(), number.text()));
  co_return OnlyNumber(rows);
}

Task<absl::StatusOr<Number>> PostgresNumberStore::FindByE164(const E164& e164) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kFindByE164, pg::Params(e164.text()));
  co_return OnlyNumber(rows);
}

Task<absl::StatusOr<Number>> PostgresNumberStore::ReplaceAgent(const TenantId& tenant,
                                                               const NumberId& number,
                                                               const Agent& agent) {
  pg::Params params(tenant.text(), number.text());
  AddAgent(agent, params);
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kReplaceAgent, std::move(params));
  co_return OnlyNumber(rows);
}

Task<absl::StatusOr<std::vector<Number>>> PostgresNumberStore::List(
    const TenantId& tenant, const std::optional<NumberId>& after, int limit) {
  std::optional<std::string> cursor;
  if (after.has_value()) cursor = after->text();
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kList, pg::Params(tenant.text(), cursor, limit));
  if (!rows.ok()) co_return rows.status();
  std::vector<Number> numbers;
  for (const pg::Row row : *rows) numbers.push_back(ReadNumber(row));
  co_return numbers;
}

}  // namespace latchkey::orchestrator
