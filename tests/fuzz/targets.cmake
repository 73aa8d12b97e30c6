# What is fuzzed. See latchkey_fuzz in CMakeLists.txt.
latchkey_fuzz(sse COVERS lib/http/sse.cc DEPS latchkey::http)
latchkey_fuzz(url COVERS lib/http/url.cc DEPS latchkey::http)
latchkey_fuzz(target COVERS lib/http/url.cc lib/http/form.cc DEPS latchkey::http)
latchkey_fuzz(form COVERS lib/http/form.cc DEPS latchkey::http)
latchkey_fuzz(http_message COVERS lib/http/message_parser.cc DEPS latchkey::http)

latchkey_fuzz(blob COVERS lib/secret/blob.cc DEPS latchkey::secret)
latchkey_fuzz(sealed_box COVERS lib/secret/sealed_box.cc DEPS latchkey::secret)
latchkey_fuzz(envelope COVERS lib/secret/envelope.cc lib/secret/blob.cc DEPS latchkey::secret)

latchkey_fuzz(key_ring COVERS lib/secret/key_ring.cc DEPS latchkey::secret)
latchkey_fuzz(grpc_status COVERS lib/rpc/grpc_status.cc lib/rpc/identity.cc DEPS latchkey::rpc)

latchkey_fuzz(key_format COVERS lib/provider/key_format.cc DEPS latchkey::provider)
latchkey_fuzz(carrier_signature COVERS lib/provider/carrier_signature.cc DEPS latchkey::provider)

latchkey_fuzz(ticket COVERS services/keyvault/adapters/convert.cc services/keyvault/domain/ticket.cc
  DEPS latchkey::keyvault_adapters)
latchkey_fuzz(checkpoint COVERS services/keyvault/adapters/checkpoint_file.cc
  DEPS latchkey::keyvault_adapters)
latchkey_fuzz(audit_row COVERS services/keyvault/domain/audit_chain.cc
  DEPS latchkey::keyvault_domain)
latchkey_fuzz(page_token
  COVERS services/keyvault/adapters/convert.cc services/billing/adapters/convert.cc
    services/dialer/adapters/convert.cc
  DEPS latchkey::keyvault_adapters latchkey::billing_adapters latchkey::dialer_adapters)

set(providers services/validator/providers)
latchkey_fuzz(provider_answer
  COVERS ${providers}/answer.cc ${providers}/anthropic.cc ${providers}/cartesia.cc
    ${providers}/deepgram.cc ${providers}/exotel.cc ${providers}/openai.cc ${providers}/twilio.cc
  DEPS latchkey::validator_providers)
latchkey_fuzz(twilio_event COVERS services/dialer/domain/twilio_event.cc
  DEPS latchkey::dialer_domain latchkey::http)

set(json_scan services/media/domain/json_scan.cc)
latchkey_fuzz(twilio_stream
  COVERS services/media/carriers/twilio_stream.cc lib/base/base64.cc ${json_scan}
  DEPS latchkey::media_providers)
latchkey_fuzz(twilio_rest COVERS services/media/carriers/twilio_rest.cc
  DEPS latchkey::media_providers)
latchkey_fuzz(anthropic COVERS services/media/providers/anthropic_protocol.cc ${json_scan}
  DEPS latchkey::media_providers)
latchkey_fuzz(cartesia COVERS services/media/providers/cartesia_protocol.cc ${json_scan}
  DEPS latchkey::media_providers)
latchkey_fuzz(openai COVERS services/media/providers/openai_protocol.cc lib/base/base64.cc ${json_scan}
  DEPS latchkey::media_providers)
latchkey_fuzz(deepgram COVERS services/media/providers/deepgram_protocol.cc ${json_scan}
  DEPS latchkey::media_providers)

latchkey_fuzz(route COVERS services/gateway/domain/route.cc DEPS latchkey::gateway_domain)
latchkey_fuzz(bearer COVERS services/gateway/domain/bearer.cc DEPS latchkey::gateway_domain)
latchkey_fuzz(api_body COVERS services/gateway/adapters/api_request.cc
  DEPS latchkey::gateway_adapters)
latchkey_fuzz(candidate
  COVERS services/gateway/adapters/candidate.cc services/gateway/adapters/key_body.cc
  DEPS latchkey::gateway_adapters)
