// The contracts of Carrier and Recorder, kept by their fakes and by the real adapters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "services/media/adapters/wav_recordings.h"
#include "services/media/carriers/twilio_carrier.h"
#include "services/media/domain/wav.h"
#include "tests/support/await.h"
#include "tests/support/media/fake_ports.h"
#include "tests/support/media/stub_third_parties.h"
#include "tests/support/status_matchers.h"

namespace latchkey::media {
namespace {

using ::testing::HasSubstr;

struct FakeCarrierWorld {
  Carrier& port() { return fake; }
  void RefuseCountry() {
    fake.place = Error(absl::StatusCode::kFailedPrecondition, "country_not_enabled", "");
  }
  boost::asio::io_context io{1};
  FakeCarrier fake;
};

struct RealCarrierWorld {
  Carrier& port() { return real; }
  void RefuseCountry() {
    stub.refuse_status = 400;
    stub.refuse_body = R"({"code":21215,"status":400})";
  }
  boost::asio::io_context io{1};
  StubThirdParties stub{io};
  http::Client client{io.get_executor(), stub.client_tls()};
  Secret token{std::string_view("token")};
  TwilioCarrier real{client,
                     stub.url(),
                     "AC1",
                     token,
                     {.stream_url = "wss://h/m/m1/t", .status_url = "https://h/s"}};
};

template <typename World>
class CarrierContract : public ::testing::Test {
 protected:
  CarrierContract() {
    spec_.from = "+15550100";
    spec_.to = "+14155550100";
  }
  World world_;
  CallSpec spec_;
};
using CarrierWorlds = ::testing::Types<FakeCarrierWorld, RealCarrierWorld>;
TYPED_TEST_SUITE(CarrierContract, CarrierWorlds);

TYPED_TEST(CarrierContract, APlacedCallHasAName) {
  EXPECT_THAT(Await(this->world_.io, this->world_.port().Place(this->spec_)), IsOkAndHolds("CA1"));
}

TYPED_TEST(CarrierContract, ARefusalSaysWhy) {
  this->world_.RefuseCountry();

  EXPECT_THAT(Await(this->world_.io, this->world_.port().Place(this->spec_)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "country_not_enabled"));
}

TYPED_TEST(CarrierContract, ACallThatIsOverTellsItsLength) {
  const absl::StatusOr<CarrierCall> call = Await(this->world_.io, this->world_.port().Fetch("CA1"));

  ASSERT_THAT(call, IsOk());
  EXPECT_TRUE(call->over());
  EXPECT_GT(call->duration, absl::ZeroDuration());
}

TYPED_TEST(CarrierContract, HangingUpIsIdempotent) {
  EXPECT_THAT(Await(this->world_.io, this->world_.port().HangUp("CA1")), IsOk());
  if constexpr (requires { this->world_.stub; }) {
    this->world_.stub.refuse_status = 400;
    this->world_.stub.refuse_body = R"({"code":21220})";
  }
  EXPECT_THAT(Await(this->world_.io, this->world_.port().HangUp("CA1")), IsOk());
}

TYPED_TEST(CarrierContract, ACallIsTransferred) {
  const TransferOrder order{
      .to = "+14155550199", .from = "+15550100", .duration_max = absl::Minutes(5)};

  EXPECT_THAT(Await(this->world_.io, this->world_.port().Transfer("CA1", order)), IsOk());
}

class Directory {
 public:
  Directory() {
    std::string name = "/tmp/latchkey-recordings-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  std::string At(std::string_view file) const { return path_ + "/" + std::string(file); }
  const std::string& path() const { return path_; }
  std::vector<uint8_t> Read(std::string_view file) const {
    std::ifstream in(At(file), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::string path_;
};

struct FakeRecorderWorld {
  Recorder& port() { return fake; }
  void Finish() {}
  std::vector<uint8_t> callee() { return fake.callee; }
  std::vector<uint8_t> agent() { return fake.agent; }
  FakeRecorder fake;
};

struct RealRecorderWorld {
  Recorder& port() { return *recording; }
  void Finish() {
    recording->Close();
    recordings.reset();
  }
  std::vector<uint8_t> Side(size_t side) {
    const std::vector<uint8_t> file = directory.Read("call_1.wav");
    std::vector<uint8_t> track;
    for (size_t i = kWavHeaderBytes + side; i < file.size(); i += 2) track.push_back(file[i]);
    return track;
  }
  std::vector<uint8_t> callee() { return Side(0); }
  std::vector<uint8_t> agent() { return Side(1); }
  Directory directory;
  std::unique_ptr<WavRecordings> recordings =
      std::make_unique<WavRecordings>(directory.path(), "m1");
  std::shared_ptr<WavRecording> recording = recordings->Open("call_1");
};

template <typename World>
class RecorderContract : public ::testing::Test {
 protected:
  World world_;
};
using RecorderWorlds = ::testing::Types<FakeRecorderWorld, RealRecorderWorld>;
TYPED_TEST_SUITE(RecorderContract, RecorderWorlds);

TYPED_TEST(RecorderContract, BothSidesAreKeptSampleForSample) {
  const std::vector<uint8_t> tone = Tone(1200);
  const std::vector<uint8_t> quiet = Quiet(1200);

  this->world_.port().Write(tone, quiet);
  this->world_.Finish();

  EXPECT_EQ(this->world_.callee(), tone);
  EXPECT_EQ(this->world_.agent(), quiet);
}

TEST(WavRecordingsTest, ACompleteFileHasItsLengthInTheHeader) {
  RealRecorderWorld world;
  world.port().Write(Tone(100), Quiet(100));
  world.Finish();

  const std::vector<uint8_t> file = world.directory.Read("call_1.wav");

  ASSERT_EQ(file.size(), kWavHeaderBytes + 1600U);
  const auto header = WavHeader(1600);
  EXPECT_TRUE(std::equal(header.begin(), header.end(), file.begin()));
}

TEST(WavRecordingsTest, WhatACrashLeftBehindIsRepaired) {
  Directory directory;
  {
    std::ofstream part(directory.At("call_2.m1.part"), std::ios::binary);
    const auto header = WavHeader(0);
    part.write(reinterpret_cast<const char*>(header.data()), header.size());
    part << std::string(1601, '\xFF');  // Cut in the middle of a sample.
  }
  std::ofstream(directory.At("call_3.m2.part")) << std::string(100, '\xFF');  // Another's, live.

  WavRecordings recordings(directory.path(), "m1");
  recordings.RepairOwn();

  const std::vector<uint8_t> file = directory.Read("call_2.wav");
  const auto header = WavHeader(1600);
  ASSERT_GE(file.size(), header.size());
  EXPECT_TRUE(std::equal(header.begin(), header.end(), file.begin()));
  EXPECT_TRUE(std::filesystem::exists(directory.At("call_3.m2.part")));
  const std::optional<RecordingEvent> settled = recordings.Repair("call_3");
  ASSERT_TRUE(settled.has_value());
  EXPECT_EQ(settled->file, "call_3.wav");
  EXPECT_FALSE(recordings.Repair("call_4").has_value());
}

TEST(TwilioCarrierTest, TheTokenIsInTheHeaderAndNotInTheBody) {
  RealCarrierWorld world;
  CallSpec spec;
  spec.to = "+14155550100";

  EXPECT_THAT(Await(world.io, world.real.Place(spec)), IsOk());

  EXPECT_THAT(world.stub.last_body, HasSubstr("To=%2B14155550100"));
  EXPECT_THAT(world.stub.last_body, ::testing::Not(HasSubstr("token")));
}

}  // namespace
}  // namespace latchkey::media
