// Rows of the view stored_keys as what they mean.
#pragma once

#include <string>

#include "lib/base/check.h"
#include "lib/pg/row.h"
#include "services/keyvault/domain/key.h"

namespace latchkey::keyvault {

// How many columns the view has; a statement may select more behind them.
inline constexpr int kStoredKeyColumns = 22;

// Reads the columns from `first` on. Each id was checked before it was written.
StoredKey ReadStoredKey(const pg::Row& row, int first = 0);

// Ends the process on a word that the table's constraint does not allow.
KeyStatus ReadStatus(const std::string& word);

// "" is the empty id.
template <typename AnyId>
AnyId ReadId(const std::string& text) {
  if (text.empty()) return AnyId();
  absl::StatusOr<AnyId> id = AnyId::Parse(text);
  Check(id.ok(), "an id in a row has its form");
  return *std::move(id);
}

Provider ReadProvider(int64_t number);

}  // namespace latchkey::keyvault
