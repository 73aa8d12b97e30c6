#include "services/keyvault/domain/denials.h"

#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

int64_t MinuteOf(absl::Time now) { return absl::ToUnixSeconds(now) / 60; }

}  // namespace

Denials::Key Denials::KeyOf(const AuditRow& row) {
  return {row.actor, row.tenant.text(), row.action, row.provider, row.reason};
}

bool Denials::Stolen(const AuditRow& row) {
  return row.reason == reason::kTicketForged || row.reason == reason::kTicketForeign;
}

bool Denials::Take(const AuditRow& row, absl::Time now) {
  const int64_t minute = MinuteOf(now);
  if (stolen_minute_ != minute) stolen_.clear();
  stolen_minute_ = minute;
  if (Stolen(row)) ++stolen_[row.actor];
  const Key key = KeyOf(row);
  const auto found = repeated_.find(key);
  if (found != repeated_.end() && found->second.minute == minute) {
    ++found->second.count;
    return false;
  }
  // One of an earlier minute stays until it was taken; this one is a row of its own then.
  if (found == repeated_.end() && repeated_.size() < kCountedMax) {
    repeated_.emplace(key, Repeated{row, minute, 0});
  }
  return true;
}

std::vector<AuditRow> Denials::TakeEnded(absl::Time now) {
  std::vector<AuditRow> rows;
  for (auto entry = repeated_.begin(); entry != repeated_.end();) {
    Repeated& repeated = entry->second;
    if (now != absl::InfiniteFuture() && repeated.minute >= MinuteOf(now)) {
      ++entry;
      continue;
    }
    if (repeated.count > 0) {
      repeated.row.count = repeated.count;
      rows.push_back(std::move(repeated.row));
    }
    entry = repeated_.erase(entry);
  }
  return rows;
}

void Denials::PutBack(AuditRow row, absl::Time now) {
  if (repeated_.size() >= kCountedMax && !repeated_.contains(KeyOf(row))) {
    row.tenant = TenantId();
    row.call.clear();
  }
  const int64_t count = row.count;
  const Key key = KeyOf(row);
  const auto entry = repeated_.try_emplace(key, Repeated{std::move(row), MinuteOf(now), 0}).first;
  entry->second.count += count;
}

int64_t Denials::StolenTickets(const std::string& caller) const {
  const auto found = stolen_.find(caller);
  return found == stolen_.end() ? 0 : found->second;
}

}  // namespace latchkey::keyvault
