// A form that was accepted says the same when it is written out and read again.
#include "lib/http/form.h"

#include <algorithm>

#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const absl::StatusOr<http::Form> form = http::Form::Parse(AsText(data, size));
  if (!form.ok()) return 0;
  Check(form->size() <= http::kFormPairsMax, "a form has its limit");
  const absl::StatusOr<http::Form> again = http::Form::Parse(form->Encode());
  Check(again.ok() && std::ranges::equal(*form, *again), "a form reads back as what it is");
  return 0;
}
