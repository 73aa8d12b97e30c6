#include "lib/rpc/grpc_status.h"

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/support/status_matchers.h"

namespace latchkey::rpc {
namespace {

TEST(GrpcStatusTest, OkStaysOk) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_THAT(FromGrpc(grpc::Status::OK), IsOk());
}

TEST(GrpcStatusTest, AnErrorComesBackWhole) {
  const absl::Status error = Error(absl::StatusCode::kInvalidArgument, "byok_key_invalid",
                                   "Create a new key.", {{"provider", "deepgram"}});

  const absl::Status back = FromGrpc(ToGrpc(error));

  EXPECT_EQ(back.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Reason(back), "byok_key_invalid");
  EXPECT_EQ(Message(back), "Create a new key.");
  EXPECT_EQ(Metadata(back), (ErrorMetadata{{"provider", "deepgram"}}));
}

TEST(GrpcStatusTest, TheDetailsAreGooglesErrorInfo) {
  const grpc::Status status =
      ToGrpc(Error(absl::StatusCode::kAborted, "lost_race", "Try again.", {{"a", "b"}}));

  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  ASSERT_EQ(details.details_size(), 1);
  EXPECT_EQ(details.code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(details.details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "latchkey");
  EXPECT_EQ(info.reason(), "lost_race");
}

TEST(GrpcStatusTest, WhatGrpcItselfSaysGetsAReason) {
  EXPECT_THAT(FromGrpc({grpc::StatusCode::UNAVAILABLE, "Socket closed"}),
              StatusIs(absl::StatusCode::kUnavailable, "peer_unreachable"));
  EXPECT_THAT(FromGrpc({grpc::StatusCode::DEADLINE_EXCEEDED, ""}),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "deadline_exceeded"));
  EXPECT_THAT(FromGrpc({grpc::StatusCode::CANCELLED, ""}),
              StatusIs(absl::StatusCode::kCancelled, "cancelled"));
  EXPECT_THAT(FromGrpc({grpc::StatusCode::PERMISSION_DENIED, "no"}),
              StatusIs(absl::StatusCode::kPermissionDenied, "caller_not_allowed"));
}

TEST(GrpcStatusTest, DetailsThatAreNotOursAreNotBelieved) {
  const grpc::Status garbage(grpc::StatusCode::INTERNAL, "x", "\xff\xff garbage");

  EXPECT_THAT(FromGrpc(garbage), StatusIs(absl::StatusCode::kInternal, ""));
}

TEST(GrpcStatusTest, DetailsWithoutAReasonAreNone) {
  google::rpc::ErrorInfo info;
  info.set_domain("latchkey");
  google::rpc::Status details;
  details.add_details()->PackFrom(info);

  EXPECT_THAT(FromGrpc({grpc::StatusCode::CANCELLED, "x", details.SerializeAsString()}),
              StatusIs(absl::StatusCode::kCancelled, "cancelled"));
}

}  // namespace
}  // namespace latchkey::rpc
