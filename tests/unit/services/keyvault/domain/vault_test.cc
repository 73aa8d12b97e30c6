#include "services/keyvault/domain/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/await.h"
#include "tests/support/keyvault/fake_audit_log.h"
#include "tests/support/keyvault/fake_key_store.h"
#include "tests/support/keyvault/fake_prober.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/seeded_random.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class VaultTest : public testing::Test {
 protected:
  SaveRequest Save(std::string_view request_id, std::string_view key) {
    return SaveRequest(std::string(request_id), slot_, Sealed(slot_, key));
  }

  SealedCandidate Sealed(const KeySlot& slot, std::string_view key) {
    return SealCandidate(intake_.key_id(), intake_.public_key(), slot,
                         {{"api_key", std::string(key)}});
  }

  absl::StatusOr<SavedKey> Put(const SaveRequest& request) {
    return Await(vault_.Put(request, actor_));
  }

  bool Holds(std::string_view key) {
    const StoredKey stored = *Await(store_.Find(slot_));
    const secret::KeyFields fields =
        *envelope_.Open(stored.tenant_key, AddressOf(stored.info), stored.sealed);
    return Secret::EqualInConstantTime(*fields.Find("api_key"), Secret(key));
  }

  static constexpr std::string_view kOld = "sk-ant-api03-old-old-old-old-1111";
  static constexpr std::string_view kNew = "sk-ant-api03-new-new-new-new-2222";

  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  IntakeParser intake_{ring_};
  FakeKeyStore store_;
  FakeProber prober_;
  SimulatedClock clock_;
  SeededRandom random_;
  FakeProbeBudget probes_;
  FakeAuditLog log_{store_};
  DenialLog denials_{log_, clock_};
  Vault vault_{envelope_, intake_, store_, prober_, probes_, log_, denials_, clock_, random_};
  KeySlot slot_ = SlotOf("tnt_a", Provider::kAnthropic);
  Actor actor_{"spiffe://latchkey/gateway"};
};

TEST_F(VaultTest, PutStoresWhatTheProviderAccepts) {
  prober_.verdict = AccountFacts{25, true, "", ""};

  const absl::StatusOr<SavedKey> put = Put(Save("r1", kOld));

  ASSERT_THAT(put, IsOk());
  EXPECT_EQ(put->info.version, 1);
  EXPECT_EQ(put->info.preview, "sk-ant-...1111");
  EXPECT_EQ(put->info.validate_time, clock_.Now());
  EXPECT_EQ(put->info.facts.call_ceiling, 25);
  EXPECT_TRUE(Holds(kOld));
  EXPECT_THAT(prober_.fields_seen, ElementsAre("api_key"));
}

TEST_F(VaultTest, PutKeepsTheOldKeyWhenTheProviderRejectsTheNewOne) {
  ASSERT_THAT(Put(Save("r1", kOld)), IsOk());
  prober_.verdict =
      Error(kInvalid, "byok_key_invalid", "Anthropic answered 401.", {{"reason", "invalid_key"}});

  const absl::StatusOr<SavedKey> put = Put(Save("r2", kNew));

  EXPECT_THAT(put, StatusIs(kInvalid, "byok_key_invalid"));
  EXPECT_TRUE(Holds(kOld));
  EXPECT_EQ(Await(store_.Find(slot_))->info.version, 1);
}

TEST_F(VaultTest, PutStoresNothingWhenThereIsNoVerdict) {
  prober_.verdict = Error(absl::StatusCode::kUnavailable, "provider_unreachable", "No answer.");

  EXPECT_THAT(Put(Save("r1", kOld)),
              StatusIs(absl::StatusCode::kUnavailable, "provider_unreachable"));

  EXPECT_THAT(Await(store_.Find(slot_)), StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
  prober_.verdict = AccountFacts{};
  EXPECT_THAT(Put(Save("r1", kOld)), IsOk());  // The same request id may be tried again.
}

TEST_F(VaultTest, ReplacingMakesANewVersionOfTheSameKey) {
  const absl::StatusOr<SavedKey> first = Put(Save("r1", kOld));
  clock_.Advance(absl::Hours(1));

  const absl::StatusOr<SavedKey> second = Put(Save("r2", kNew));

  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->info.id, first->info.id);
  EXPECT_EQ(second->info.version, 2);
  EXPECT_EQ(second->info.create_time, first->info.create_time);
  EXPECT_TRUE(Holds(kNew));
}

TEST_F(VaultTest, TheSameRequestAgainChangesNothing) {
  ASSERT_THAT(Put(Save("r1", kOld)), IsOk());

  const absl::StatusOr<SavedKey> again = Put(Save("r1", kOld));

  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->info.version, 1);
  EXPECT_THAT(prober_.probed, SizeIs(1));
}

TEST_F(VaultTest, ARequestIdIsForOneSlotOnly) {
  ASSERT_THAT(Put(Save("r1", kOld)), IsOk());
  const KeySlot other = SlotOf("tnt_a", Provider::kAnthropic, "num_1");

  const SaveRequest reused("r1", other, Sealed(other, kNew));

  EXPECT_THAT(Put(reused), StatusIs(kInvalid, "malformed_request"));
  EXPECT_THAT(Put(Save("", kNew)), StatusIs(kInvalid, "malformed_request"));
  EXPECT_THAT(Put(Save(std::string(65, 'r'), kNew)), StatusIs(kInvalid, "malformed_request"));
}

TEST_F(VaultTest, ARepeatedRequestDoesNotBringADeletedKeyBack) {
  ASSERT_THAT(Put(Save("r1", kOld)), IsOk());
  ASSERT_THAT(Await(vault_.Delete(slot_, LiveCalls::kFinish, actor_)), IsOk());

  EXPECT_THAT(Put(Save("r1", kOld)), StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
}

TEST_F(VaultTest, ALostRaceIsRunAgainAFewTimes) {
  store_.races_to_lose = 2;
  EXPECT_THAT(Put(Save("r1", kOld)), IsOk());

  store_.races_to_lose = 3;
  EXPECT_THAT(Put(Save("r2", kNew)), StatusIs(absl::StatusCode::kAborted, "save_lost_race"));
  EXPECT_THAT(prober_.probed, SizeIs(2));  // The provider is asked once for each request.
}

TEST_F(VaultTest, AKeyOfTheWrongFormIsNeverProbed) {
  EXPECT_THAT(Put(Save("r1", "sk-proj-of-another-provider")),
              StatusIs(kInvalid, "byok_key_invalid"));

  EXPECT_THAT(prober_.probed, IsEmpty());
}

TEST_F(VaultTest, TestStoresNothing) {
  prober_.verdict = AccountFacts{5, false, "", ""};

  const absl::StatusOr<TestedKey> tested = Await(vault_.Test(slot_, Sealed(slot_, kOld), actor_));

  ASSERT_THAT(tested, IsOk());
  EXPECT_EQ(tested->facts.call_ceiling, 5);
  EXPECT_FALSE(Await(store_.Find(slot_)).ok());
}

TEST_F(VaultTest, TheNumberThatWasSavedWithACarrierIsTold) {
  const KeySlot twilio = SlotOf("tnt_a", Provider::kTwilio);
  prober_.verdict = AccountFacts{0, false, std::string(kTwilioSid), ""};
  const SealedCandidate sealed = SealCandidate(intake_.key_id(), intake_.public_key(), twilio,
                                               {{"account_sid", std::string(kTwilioSid)},
                                                {"auth_token", std::string(kTwilioToken)},
                                                {"phone_number", "+14155550100"}});

  const absl::StatusOr<SavedKey> put = Put(SaveRequest("r1", twilio, sealed));

  ASSERT_THAT(put, IsOk());
  EXPECT_EQ(put->info.facts.phone_number, "+14155550100");
  EXPECT_EQ(put->info.facts.carrier_account, kTwilioSid);
}

TEST_F(VaultTest, AKeyIsProbedForTheModelThatItsCallsWillUse) {
  SaveRequest save = Save("r1", kOld);
  save.candidate.model = "gpt-realtime-2.1-mini";

  ASSERT_THAT(Put(save), IsOk());

  EXPECT_THAT(prober_.models, ElementsAre("gpt-realtime-2.1-mini"));
}

class VaultNumbersTest : public VaultTest {
 protected:
  absl::StatusOr<NumbersSaved> PutOn(std::string_view request_id,
                                     std::vector<NumbersSave::Target> targets) {
    const NumbersSave save(std::string(request_id), tenant_, Sealed(tenant_, kKey),
                           std::move(targets));
    return Await(vault_.PutOnNumbers(save, actor_));
  }

  static NumbersSave::Target On(const std::string& number, std::string model = "m") {
    return {*NumberId::Parse(number), std::move(model)};
  }

  int VersionOn(const std::string& number) {
    const auto key = Await(store_.Find(SlotOf("tnt_a", Provider::kOpenai, number)));
    return key.ok() ? key->info.version : 0;
  }

  static constexpr std::string_view kKey = "sk-proj-0123456789-0123456789-abcdefxy12";
  const KeySlot tenant_ = SlotOf("tnt_a", Provider::kOpenai);
};

TEST_F(VaultNumbersTest, ManyNumbersGetTheKeyForOneProbeOfEachModel) {
  const auto saved = PutOn("r1", {On("num_1"), On("num_2", "other"), On("num_3")});

  ASSERT_THAT(saved, IsOk());
  ASSERT_THAT(saved->results, SizeIs(3));
  for (const auto& result : saved->results) {
    ASSERT_THAT(result, IsOk());
    EXPECT_EQ(result->info.preview, "sk-proj-...xy12");
  }
  EXPECT_EQ(saved->results[1]->info.slot.number.text(), "num_2");
  EXPECT_THAT(prober_.models, ElementsAre("m", "other"));
  EXPECT_FALSE(Await(store_.Find(tenant_)).ok());
}

TEST_F(VaultNumbersTest, AModelThatIsRefusedConcernsItsNumbersOnly) {
  prober_.verdicts.emplace(
      "other", Error(kInvalid, "byok_key_invalid", "No.", {{"reason", "model_not_found"}}));

  const auto saved = PutOn("r1", {On("num_1", "other"), On("num_2"), On("num_3", "other")});

  ASSERT_THAT(saved, IsOk());
  EXPECT_THAT(saved->results[0], StatusIs(kInvalid, "byok_key_invalid"));
  EXPECT_THAT(saved->results[1], IsOk());
  EXPECT_THAT(saved->results[2], StatusIs(kInvalid, "byok_key_invalid"));
  EXPECT_EQ(VersionOn("num_1"), 0);
  EXPECT_EQ(VersionOn("num_2"), 1);
  EXPECT_THAT(prober_.probed, SizeIs(2));
}

TEST_F(VaultNumbersTest, ANumberThatLosesItsRaceKeepsWhatItHadAndARepetitionSavesItAlone) {
  store_.races_to_lose = 3;  // As often as a save is tried.
  const auto first = PutOn("r1", {On("num_1"), On("num_2")});
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(first->results[0], StatusIs(absl::StatusCode::kAborted, "save_lost_race"));
  EXPECT_THAT(first->results[1], IsOk());

  const auto again = PutOn("r1", {On("num_1"), On("num_2")});

  ASSERT_THAT(again, IsOk());
  EXPECT_THAT(again->results[0], IsOk());
  EXPECT_THAT(again->results[1], IsOk());
  EXPECT_EQ(VersionOn("num_1"), 1);
  EXPECT_EQ(VersionOn("num_2"), 1);
}

TEST_F(VaultNumbersTest, WhatIsSealedToAnotherKeyIsRefusedForAll) {
  SealedCandidate stale = Sealed(tenant_, kKey);
  stale.intake_key_id = "before";
  const NumbersSave save("r1", tenant_, stale, {On("num_1")});

  EXPECT_THAT(Await(vault_.PutOnNumbers(save, actor_)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "intake_key_unknown"));
  EXPECT_THAT(PutOn("", {On("num_1")}), StatusIs(kInvalid, "malformed_request"));
  EXPECT_THAT(prober_.probed, IsEmpty());
}

TEST_F(VaultTest, DeletingWhatIsNotThereIsNotFound) {
  EXPECT_THAT(Await(vault_.Delete(slot_, LiveCalls::kFinish, actor_)),
              StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
}

TEST_F(VaultTest, ListsByPageInOrder) {
  for (const Provider provider : {Provider::kDeepgram, Provider::kAnthropic}) {
    const KeySlot slot = SlotOf("tnt_a", provider);
    const SaveRequest save(std::string(provider::Name(provider)), slot, Sealed(slot, kOld));
    ASSERT_THAT(Put(save), IsOk());
  }

  const absl::StatusOr<KeyPage> first = Await(vault_.List(slot_.tenant, std::nullopt, 1));
  ASSERT_THAT(first, IsOk());
  ASSERT_TRUE(first->next.has_value());
  const absl::StatusOr<KeyPage> second = Await(vault_.List(slot_.tenant, first->next, 1));

  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->keys.at(0).slot.provider, Provider::kAnthropic);
  EXPECT_EQ(second->keys.at(0).slot.provider, Provider::kDeepgram);
  EXPECT_FALSE(second->next.has_value());
}

TEST_F(VaultTest, WhatIsRefusedByItsFormAloneIsWrittenDownAndCounted) {
  const SealedCandidate of_a_subscription = Sealed(slot_, "sk-ant-oat01-consumer-0000-0000");
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Await(vault_.Test(slot_, of_a_subscription, actor_)),
                StatusIs(kInvalid, "byok_key_invalid"));
  }
  EXPECT_THAT(Put(Save("r1", "not-a-key")), StatusIs(kInvalid, "byok_key_invalid"));
  clock_.Advance(absl::Minutes(1));
  ASSERT_THAT(Await(denials_.WriteCounts(false)), IsOk());

  ASSERT_THAT(store_.audit, SizeIs(3));
  EXPECT_EQ(store_.audit[0].action, AuditAction::kTest);
  EXPECT_EQ(store_.audit[1].action, AuditAction::kSave);
  EXPECT_EQ(store_.audit[2].action, AuditAction::kTest);
  EXPECT_EQ(store_.audit[2].count, 2);
  for (const AuditRow& row : store_.audit) {
    EXPECT_EQ(row.outcome, AuditOutcome::kRefused);
    EXPECT_EQ(row.reason, "byok_key_invalid");
    EXPECT_EQ(row.actor, actor_.spiffe_id);
  }
  EXPECT_THAT(prober_.fields_seen, IsEmpty());
}

TEST_F(VaultTest, ProbesBeyondTheTenantsBudgetAreWrittenDown) {
  probes_.left = 0;

  const absl::StatusOr<SavedKey> put = Put(Save("r1", kOld));

  EXPECT_THAT(put, StatusIs(absl::StatusCode::kResourceExhausted, "probe_limit"));
  EXPECT_EQ(Metadata(put.status())["retry_after_seconds"], "60");
  ASSERT_THAT(store_.audit, SizeIs(1));
  EXPECT_EQ(store_.audit[0].action, AuditAction::kSave);
  EXPECT_EQ(store_.audit[0].outcome, AuditOutcome::kRefused);
  EXPECT_EQ(store_.audit[0].reason, "probe_limit");
}

TEST_F(VaultTest, ARefusalThatCouldNotBeWrittenStandsAndIsWrittenLater) {
  log_.failure = Error(absl::StatusCode::kUnavailable, "postgres_unavailable", "Gone.");

  const absl::StatusOr<SavedKey> put = Put(Save("r1", "not-a-key"));

  EXPECT_THAT(put, StatusIs(kInvalid, "byok_key_invalid"));
  EXPECT_EQ(Metadata(put.status())["unaudited"], "postgres_unavailable");
  log_.failure = absl::OkStatus();
  ASSERT_THAT(Await(denials_.WriteCounts(true)), IsOk());
  ASSERT_THAT(store_.audit, SizeIs(1));
  EXPECT_EQ(store_.audit[0].reason, "byok_key_invalid");
}

TEST_F(VaultTest, TheModelThatAKeyWasTestedForIsKeptWithIt) {
  SaveRequest save = Save("r1", kOld);
  save.candidate.model = "one-model";
  ASSERT_THAT(Put(save), IsOk());
  EXPECT_EQ(Await(store_.Find(slot_))->info.model, "one-model");

  ASSERT_THAT(Put(Save("r2", kNew)), IsOk());

  EXPECT_EQ(Await(store_.Find(slot_))->info.model, "");
}

}  // namespace
}  // namespace latchkey::keyvault
