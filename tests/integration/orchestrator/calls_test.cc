#include <fstream>

#include "tests/integration/orchestrator/orchestrator_test.h"

namespace latchkey::orchestrator {
namespace {

using absl::StatusCode;

v1::CallEvent Saying(v1::CallEvent event, v1::Speaker speaker, const std::string& text) {
  event.mutable_utterance()->set_speaker(speaker);
  event.mutable_utterance()->set_text(text);
  event.mutable_utterance()->mutable_start_offset()->set_seconds(event.sequence());
  event.mutable_utterance()->mutable_end_offset()->set_seconds(event.sequence() + 1);
  return event;
}

v1::CallEvent Ending(v1::CallEvent event) {
  event.mutable_state()->set_state("ended");
  event.mutable_state()->set_disposition("completed");
  return event;
}

v1::CallEvent Recorded(v1::CallEvent event, const std::string& file) {
  event.mutable_recording()->set_file(file);
  return event;
}

// Everything that the stream gives until it ends.
template <typename Response>
Task<absl::StatusOr<std::vector<Response>>> ReadAll(rpc::ServerStream<Response>& stream) {
  std::vector<Response> all;
  while (true) {
    absl::StatusOr<std::optional<Response>> next = co_await stream.Read();
    if (!next.ok()) co_return next.status();
    if (!next->has_value()) co_return all;
    all.push_back(**std::move(next));
  }
}

template <typename Response, typename Request, typename Prepare>
Task<absl::StatusOr<std::vector<Response>>> ReadStream(rpc::Client<v1::Orchestrator>& client,
                                                       Prepare prepare, const Request& request) {
  const rpc::CallOptions options(absl::Seconds(20));
  rpc::ServerStream<Response> stream(client, prepare, request, options);
  co_return co_await ReadAll(stream);
}

class CallsTest : public OrchestratorTest {
 protected:
  absl::StatusOr<std::vector<v1::WatchCallResponse>> Watch(const std::string& tenant_id,
                                                           const std::string& cursor) {
    v1::WatchCallRequest request;
    request.set_tenant_id(tenant_id);
    request.set_call_id("call_one");
    request.set_cursor(cursor);
    rpc::Client<v1::Orchestrator> client = ClientOf("gateway");
    return Await(io_,
                 ReadStream<v1::WatchCallResponse>(client, &Stub::PrepareAsyncWatchCall, request));
  }

  absl::StatusOr<std::string> Recording(const std::string& tenant_id) {
    v1::ReadRecordingRequest request;
    request.set_tenant_id(tenant_id);
    request.set_call_id("call_one");
    rpc::Client<v1::Orchestrator> client = ClientOf("gateway");
    auto pieces = Await(io_, ReadStream<v1::ReadRecordingResponse>(
                                 client, &Stub::PrepareAsyncReadRecording, request));
    if (!pieces.ok()) return pieces.status();
    std::string wav;
    for (const v1::ReadRecordingResponse& piece : *pieces) wav += piece.data();
    return wav;
  }

  absl::StatusOr<v1::GetTranscriptResponse> Transcript(const std::string& tenant_id) {
    v1::GetTranscriptRequest request;
    request.set_tenant_id(tenant_id);
    request.set_call_id("call_one");
    return Call("gateway", &Stub::PrepareAsyncGetTranscript, request);
  }
};

TEST_F(CallsTest, ATranscriptHasWhatMediaReported) {
  const std::string tenant = MakeTenant();
  const std::vector<v1::CallEvent> batch = {
      Saying(Event(tenant, 1), v1::SPEAKER_AGENT, "Hello."),
      Saying(Event(tenant, 2), v1::SPEAKER_CALLEE, "Hi there."),
  };
  ASSERT_THAT(Append(batch), IsOk());
  ASSERT_THAT(Append(batch), IsOk());  // The answer to the first was lost.

  const auto transcript = Transcript(tenant);

  ASSERT_THAT(transcript, IsOk());
  ASSERT_EQ(transcript->utterances_size(), 2);
  EXPECT_EQ(transcript->utterances(1).text(), "Hi there.");
  EXPECT_EQ(transcript->utterances(1).speaker(), v1::SPEAKER_CALLEE);
}

TEST_F(CallsTest, WatchingEndsWithTheCallAndGoesOnFromACursor) {
  const std::string tenant = MakeTenant();
  ASSERT_THAT(
      Append({Saying(Event(tenant, 1), v1::SPEAKER_AGENT, "Hello."), Ending(Event(tenant, 2))}),
      IsOk());

  const auto all = Watch(tenant, "");
  ASSERT_THAT(all, IsOk());
  ASSERT_EQ(all->size(), 2U);
  const auto rest = Watch(tenant, all->front().cursor());

  ASSERT_THAT(rest, IsOk());
  ASSERT_EQ(rest->size(), 1U);
  EXPECT_EQ(rest->front().event().state().disposition(), "completed");
}

TEST_F(CallsTest, ACallOfAnotherTenantIsNotThere) {
  const std::string tenant = MakeTenant();
  const std::string other = MakeTenant();
  ASSERT_THAT(Append({Ending(Event(tenant, 1))}), IsOk());

  EXPECT_THAT(Watch(other, ""), StatusIs(StatusCode::kNotFound, "call_not_found"));
  EXPECT_THAT(Transcript(other), StatusIs(StatusCode::kNotFound, "call_not_found"));
  EXPECT_THAT(Recording(other), StatusIs(StatusCode::kNotFound, "call_not_found"));
}

TEST_F(CallsTest, ARecordingComesAsItStandsOnTheVolume) {
  const std::string tenant = MakeTenant();
  std::string wav(100'000, '\0');
  for (size_t i = 0; i < wav.size(); ++i) wav[i] = static_cast<char>(i % 251);
  std::ofstream(pki_.directory() + "/call_one.wav", std::ios::binary) << wav;
  ASSERT_THAT(Append({Recorded(Event(tenant, 1), "call_one.wav")}), IsOk());

  const absl::StatusOr<std::string> recording = Recording(tenant);

  ASSERT_THAT(recording, IsOk());
  EXPECT_TRUE(*recording == wav);
}

TEST_F(CallsTest, ARecordingThatIsGoneIsNotFound) {
  const std::string tenant = MakeTenant();
  ASSERT_THAT(Append({Recorded(Event(tenant, 1), "gone.wav")}), IsOk());

  EXPECT_THAT(Recording(tenant), StatusIs(StatusCode::kNotFound, "recording_not_found"));
}

TEST_F(CallsTest, KeepsEventsAfterItsConnectionsWereCut) {
  const std::string tenant = MakeTenant();
  ASSERT_THAT(Append({Saying(Event(tenant, 1), v1::SPEAKER_AGENT, "Hello.")}), IsOk());

  cluster_.Run(database_.superuser,
               "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
               "  WHERE usename = 'orchestrator'");

  EXPECT_THAT(Append({Saying(Event(tenant, 2), v1::SPEAKER_AGENT, "Are you there?")}), IsOk());
  EXPECT_EQ(Transcript(tenant)->utterances_size(), 2);
}

TEST_F(CallsTest, SaysUnavailableWhilePostgresIsAway) {
  if (!cluster_.restartable()) GTEST_SKIP() << "the cluster is not ours to stop";
  const std::string tenant = MakeTenant();
  cluster_.Stop();

  const absl::Status away = Append({Ending(Event(tenant, 1))});
  cluster_.Start();

  EXPECT_THAT(away, StatusIs(StatusCode::kUnavailable, "postgres_unavailable"));
  EXPECT_THAT(Append({Ending(Event(tenant, 1))}), IsOk());
}

}  // namespace
}  // namespace latchkey::orchestrator
