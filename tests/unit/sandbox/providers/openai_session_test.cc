#include "sandbox/providers/openai_session.h"

#include "tests/unit/sandbox/providers/openai_session_fixture.h"

namespace latchkey::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = OpenaiAction::Kind;

constexpr char kTextOnly[] =
    R"({"type":"session.update","session":{"type":"realtime","output_modalities":["text"]}})";

using OpenaiSessionTest = OpenaiSessionFixture;

TEST_F(OpenaiSessionTest, BeginsWithItsOwnDescription) {
  Session();

  ASSERT_THAT(Types(all_), ElementsAre("session.created"));
  EXPECT_EQ(Text(all_[0], "/session/model"), "gpt-realtime-2.1");
  EXPECT_EQ(Number(all_[0], "/session/expires_at"), 1'800'000'000 + 3600);
  EXPECT_EQ(Text(all_[0], "/session/audio/input/format/type"), "audio/pcm");
}

TEST_F(OpenaiSessionTest, ARefusedOneTellsWhyAndCloses) {
  refusal_ = WrongOpenaiKey("sk-proj-0123456789abcdef");
  Session();

  ASSERT_THAT(all_, IsError("invalid_api_key"));
  EXPECT_THAT(Text(all_[0], "/error/message"), HasSubstr("sk-proj-********cdef"));
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_EQ(asked_[0].close_code, 3000);
  EXPECT_EQ(asked_[0].text, "invalid_request_error.invalid_api_key");
}

TEST_F(OpenaiSessionTest, ASpokenTurnComesInTheDocumentedOrder) {
  const std::vector<Json> turn = Say("Thursday is perfect.");
  const std::vector<Json> answer = Reply(400);

  EXPECT_THAT(Types(turn),
              ElementsAre("input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
                          "input_audio_buffer.committed", "conversation.item.added",
                          "conversation.item.done", "response.created"));
  EXPECT_THAT(Types(answer),
              ElementsAre("response.output_item.added", "conversation.item.added",
                          "response.content_part.added", "response.output_audio_transcript.delta",
                          "response.output_audio.delta", "response.output_audio_transcript.delta",
                          "response.output_audio.delta", "response.output_audio.done",
                          "response.output_audio_transcript.done", "response.content_part.done",
                          "conversation.item.done", "response.output_item.done", "response.done",
                          "rate_limits.updated"));
  EXPECT_EQ(Text(*Find(answer, "response.output_audio_transcript.done"), "/transcript"),
            "Wonderful, it is moved.");
  EXPECT_EQ(Text(*Find(answer, "response.done"), "/response/status"), "completed");
}

TEST_F(OpenaiSessionTest, WaitsForTheWordsBeforeItReplies) {
  Keep(Session().OnSpeechStarted(absl::ZeroDuration(), now_));
  Keep(session_->OnSpeechStopped(absl::ZeroDuration(), absl::Seconds(1), now_));
  EXPECT_FALSE(session_->WantsReply());

  session_->OnHeard(Committed(), "Perfect");

  EXPECT_TRUE(session_->WantsReply());
  EXPECT_EQ(session_->PlanReply().text, "Wonderful, it is moved.");
}

TEST_F(OpenaiSessionTest, TheUsageAddsUp) {
  Say("Thursday is perfect.");
  const std::vector<Json> first = Reply(1000);
  Say("Thursday is perfect.");
  const Json done = *Find(Reply(1000), "response.done");

  const std::string usage = "/response/usage";
  const std::string in = usage + "/input_token_details", out = usage + "/output_token_details";
  EXPECT_EQ(Number(done, usage + "/total_tokens"),
            Number(done, usage + "/input_tokens") + Number(done, usage + "/output_tokens"));
  EXPECT_EQ(Number(done, usage + "/input_tokens"),
            Number(done, in + "/text_tokens") + Number(done, in + "/audio_tokens"));
  EXPECT_EQ(Number(done, usage + "/output_tokens"),
            Number(done, out + "/text_tokens") + Number(done, out + "/audio_tokens"));
  EXPECT_EQ(Number(done, out + "/audio_tokens"), 20);           // 1000 ms of the model's, 50 each.
  EXPECT_EQ(Number(done, in + "/audio_tokens"), 20 + 20 + 20);  // Two turns of 2 s, one reply.
  EXPECT_LE(Number(done, in + "/cached_tokens"), Number(done, usage + "/input_tokens"));
  EXPECT_EQ(Number(*Find(first, "response.done"), in + "/cached_tokens"), 0);
}

TEST_F(OpenaiSessionTest, BargeInCancelsTheResponseByItself) {
  Say("Perfect.");
  OpenaiReply reply;
  reply.text = "Wonderful, it is moved.";
  reply.speech = Voice("Wonderful, it is moved.", 2000);
  Keep(Session().OnReply(std::move(reply), now_));
  Keep(session_->NextPiece(now_));
  Keep(session_->NextPiece(now_));

  const std::vector<Json> events = Keep(session_->OnSpeechStarted(absl::Seconds(4), now_));

  const Json done = *Find(events, "response.done");
  EXPECT_EQ(Types(events).front(), "input_audio_buffer.speech_started");
  EXPECT_EQ(Text(done, "/response/status"), "cancelled");
  EXPECT_EQ(Text(done, "/response/status_details/reason"), "turn_detected");
  EXPECT_EQ(Text(done, "/response/output/0/status"), "incomplete");
  EXPECT_EQ(Number(done, "/response/usage/output_token_details/audio_tokens"), 4);
  EXPECT_THAT(Keep(session_->NextPiece(now_)), IsEmpty());
}

TEST_F(OpenaiSessionTest, WithoutInterruptResponseATurnWaitsForTheEndOfTheReply) {
  Tell(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":
       {"type":"server_vad","interrupt_response":false}}}}})");
  Say("Perfect.");
  OpenaiReply reply;
  reply.text = "Wonderful.";
  reply.speech = Voice("Wonderful.", 600);
  Keep(session_->OnReply(std::move(reply), now_));
  const std::vector<Json> turn = Say("Goodbye");
  EXPECT_EQ(Find(turn, "response.done"), nullptr);
  EXPECT_EQ(Find(turn, "response.created"), nullptr);

  std::vector<Json> rest;
  while (Find(rest, "response.created") == nullptr) rest = Keep(session_->NextPiece(now_));

  EXPECT_THAT(Types(rest), ElementsAre("response.done", "rate_limits.updated", "response.created"));
}

TEST_F(OpenaiSessionTest, TheClientCancels) {
  Say("Perfect.");
  const std::vector<Json> cancelled = Tell(R"({"type":"response.cancel"})");

  EXPECT_EQ(Text(*Find(cancelled, "response.done"), "/response/status_details/reason"),
            "client_cancelled");
  EXPECT_THAT(Tell(R"({"type":"response.cancel","event_id":"mine"})"),
              IsError("response_cancel_not_active"));
  EXPECT_EQ(Text(all_.back(), "/error/event_id"), "mine");
}

TEST_F(OpenaiSessionTest, OnlyOneResponseAtATime) {
  Tell(kTextOnly);
  Tell(R"({"type":"response.create"})");

  EXPECT_THAT(Tell(R"({"type":"response.create"})"),
              IsError("conversation_already_has_active_response"));
}

TEST_F(OpenaiSessionTest, SaysWhatTheInstructionsDictate) {
  Tell(kTextOnly);
  Tell(R"({"type":"response.create","response":{"instructions":"Say ok.","metadata":{"a":"b"}}})");
  const std::vector<Json> answer = Reply();

  const Json done = *Find(answer, "response.done");
  EXPECT_EQ(Text(done, "/response/output/0/content/0/text"), "ok.");
  EXPECT_EQ(Text(done, "/response/metadata/a"), "b");
  EXPECT_NE(Find(answer, "response.output_text.delta"), nullptr);
}

TEST_F(OpenaiSessionTest, AResponseOutsideOfTheConversationLeavesItAlone) {
  Tell(kTextOnly);
  Tell(R"({"type":"response.create","response":{"conversation":"none","instructions":"Say hi."}})");
  const std::vector<Json> answer = Reply();

  EXPECT_EQ(Find(answer, "conversation.item.added"), nullptr);
  EXPECT_TRUE(Find(answer, "response.done")->at("response").at("conversation_id").is_null());
}

TEST_F(OpenaiSessionTest, IsCutAtMaxOutputTokens) {
  Tell(kTextOnly);
  Tell(R"({"type":"response.create","response":{"max_output_tokens":5,
       "instructions":"Say one two three four five six seven eight nine ten."}})");
  const Json done = *Find(Reply(), "response.done");

  EXPECT_EQ(Text(done, "/response/status"), "incomplete");
  EXPECT_EQ(Text(done, "/response/status_details/reason"), "max_output_tokens");
  EXPECT_EQ(Text(done, "/response/output/0/content/0/text"), "one two three");
}

TEST_F(OpenaiSessionTest, CallsAFunctionThatIsOfferedAndGoesOnAfterItsOutput) {
  Tell(R"({"type":"session.update","session":{"type":"realtime","output_modalities":["text"],
       "tools":[{"type":"function","name":"end_call","parameters":{"type":"object"}}]}})");
  Say("Thank you and goodbye!");
  const std::vector<Json> answer = Reply();

  const Json arguments = *Find(answer, "response.function_call_arguments.done");
  EXPECT_EQ(Text(arguments, "/name"), "end_call");
  const Json done = *Find(answer, "response.done");
  EXPECT_EQ(Text(done, "/response/output/1/type"), "function_call");
  EXPECT_EQ(Text(done, "/response/output/1/call_id"), Text(arguments, "/call_id"));
  Tell(R"({"type":"conversation.item.create","item":{"type":"function_call_output","call_id":")" +
       Text(arguments, "/call_id") + R"(","output":"{}"}})");
  Tell(R"({"type":"response.create"})");
  EXPECT_EQ(Text(*Find(Reply(), "response.output_text.done"), "/text"), "All right.");
}

TEST_F(OpenaiSessionTest, TruncatesToWhatWasPlayedAndNotBeyond) {
  Say("Perfect.");
  const std::string item = Text(*Find(Reply(1000), "response.output_item.added"), "/item/id");
  const auto truncate = [&](int ms) {
    return Tell(R"({"type":"conversation.item.truncate","content_index":0,"item_id":")" + item +
                R"(","audio_end_ms":)" + std::to_string(ms) + "}");
  };

  EXPECT_THAT(truncate(1001), IsError("invalid_value"));
  EXPECT_THAT(Text(all_.back(), "/error/message"), HasSubstr("already shorter than"));
  EXPECT_THAT(Types(truncate(400)), ElementsAre("conversation.item.truncated"));
  EXPECT_THAT(truncate(401), IsError("invalid_value"));
  const auto kept = Tell(R"({"type":"conversation.item.retrieve","item_id":")" + item + R"("})");
  EXPECT_EQ(Text(kept[0], "/item/content/0/transcript"), "");
  EXPECT_THAT(Tell(R"({"type":"conversation.item.truncate","item_id":"x","audio_end_ms":1})"),
              IsError("item_truncate_invalid_item_id"));
}

TEST_F(OpenaiSessionTest, ItemsAreCreatedInPlaceRetrievedAndDeleted) {
  const auto create = [&](std::string_view id, std::string_view previous) {
    return Tell(R"({"type":"conversation.item.create","previous_item_id":")" +
                std::string(previous) + R"(","item":{"id":")" + std::string(id) +
                R"(","type":"message","role":"user","content":[{"type":"input_text",
                "text":"Hi"}]}})");
  };
  create("a", "");
  create("b", "root");
  const auto between = create("c", "b");

  EXPECT_EQ(Text(between[0], "/previous_item_id"), "b");
  EXPECT_THAT(create("d", "nobody"), IsError("invalid_value"));
  EXPECT_THAT(create("a", ""), IsError("item_create_duplicate_id"));
  EXPECT_THAT(Types(Tell(R"({"type":"conversation.item.delete","item_id":"c"})")),
              ElementsAre("conversation.item.deleted"));
  EXPECT_THAT(Tell(R"({"type":"conversation.item.retrieve","item_id":"c"})"),
              IsError("item_retrieve_invalid_item_id"));
}

TEST_F(OpenaiSessionTest, TheTranscriptionMayComeAfterTheReply) {
  Tell(R"({"type":"session.update","session":{"type":"realtime","output_modalities":["text"],
       "audio":{"input":{"transcription":{"model":"gpt-transcribe"}}}}})");
  Say("Thursday is perfect.");
  Reply();

  const std::vector<Json> events = Keep(session_->OnTranscribed(Committed()));

  EXPECT_EQ(Text(events.back(), "/transcript"), "Thursday is perfect.");
  EXPECT_EQ(Number(events.back(), "/usage/input_tokens"), 20);
  EXPECT_EQ(events.size(), 4u);  // Three words and the whole.
}

TEST_F(OpenaiSessionTest, WithoutATranscriptionModelNobodyTranscribes) {
  Say("Perfect.");

  EXPECT_THAT(Keep(Session().OnTranscribed(Committed())), IsEmpty());
}

TEST_F(OpenaiSessionTest, SpeaksUpAfterTheIdleTimeout) {
  Tell(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":
       {"type":"server_vad","idle_timeout_ms":6000}}}}})");
  Say("Perfect.");
  Reply(1000);

  now_ += absl::Seconds(6);  // The reply's second of audio is still being played.
  EXPECT_THAT(Keep(session_->OnTime(now_)), IsEmpty());
  now_ += absl::Seconds(1);
  const std::vector<Json> events = Keep(session_->OnTime(now_));

  EXPECT_EQ(Types(events).front(), "input_audio_buffer.timeout_triggered");
  EXPECT_EQ(Types(events).back(), "response.created");
}

TEST_F(OpenaiSessionTest, EndsAtItsLimit) {
  scenario_.quirks.openai.session_limit = absl::Seconds(5);
  Session();

  now_ += absl::Seconds(5);
  const std::vector<Json> events = Keep(session_->OnTime(now_));

  EXPECT_THAT(events, IsError("session_expired"));
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_EQ(asked_[0].close_code, 1001);
  EXPECT_THAT(Tell(R"({"type":"response.create"})"), IsEmpty());
}

TEST_F(OpenaiSessionTest, UsesUpItsRateLimit) {
  scenario_.quirks.openai.enforce_limits = true;
  scenario_.quirks.openai.tokens_per_minute = 60;
  Say("Perfect.");
  const std::vector<Json> first = Reply(2000);
  Say("Perfect.");
  const std::vector<Json> second = Reply(2000);

  EXPECT_EQ(Number(*Find(first, "rate_limits.updated"), "/rate_limits/0/remaining"), 0);
  const Json done = *Find(second, "response.done");
  EXPECT_EQ(Text(done, "/response/status"), "failed");
  EXPECT_EQ(Text(done, "/response/status_details/error/code"), "rate_limit_exceeded");
  EXPECT_THAT(Text(done, "/response/status_details/error/message"), HasSubstr("try again in"));
}

TEST_F(OpenaiSessionTest, ADeniedModelMayShowOnlyInTheResponse) {
  failure_ = OpenaiModelNotFound("gpt-realtime-2.1");
  Say("Perfect.");
  const Json done = *Find(Reply(500), "response.done");

  EXPECT_EQ(Text(done, "/response/status"), "failed");
  EXPECT_EQ(Text(done, "/response/status_details/error/code"), "model_not_found");
}

TEST_F(OpenaiSessionTest, DeltasMayCarryAPadding) {
  scenario_.quirks.openai.obfuscation = true;
  Say("Perfect.");

  EXPECT_NE(Text(*Find(Reply(300), "response.output_audio.delta"), "/obfuscation"), "");
}

}  // namespace
}  // namespace latchkey::sandbox
