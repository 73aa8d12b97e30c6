// What validator is made of.
#pragma once

#include "lib/base/config.h"
#include "lib/http/client.h"
#include "lib/rpc/host.h"
#include "services/validator/adapters/grpc_service.h"
#include "services/validator/domain/validation.h"
#include "services/validator/providers/anthropic.h"
#include "services/validator/providers/cartesia.h"
#include "services/validator/providers/deepgram.h"
#include "services/validator/providers/exotel.h"
#include "services/validator/providers/openai.h"
#include "services/validator/providers/twilio.h"

namespace latchkey::validator {

class Service {
 public:
  // Ends the process with a sentence and code 2 when a setting cannot be used.
  Service(const Config& config, rpc::Host& host);

 private:
  http::Client client_;
  AnthropicProber anthropic_;
  CartesiaProber cartesia_;
  DeepgramProber deepgram_;
  ExotelProber exotel_;
  OpenaiProber openai_;
  TwilioProber twilio_;
  Validation validation_;
  GrpcService grpc_;
};

}  // namespace latchkey::validator
