# What is fuzzed. See latchkey_fuzz in CMakeLists.txt.
latchkey_fuzz(sse COVERS lib/http/sse.cc DEPS latchkey::http)
latchkey_fuzz(url COVERS lib/http/url.cc DEPS latchkey::http)
latchkey_fuzz(target COVERS lib/http/url.cc lib/http/form.cc DEPS latchkey::http)
latchkey_fuzz(form COVERS lib/http/form.cc DEPS latchkey::http)
latchkey_fuzz(http_message COVERS lib/http/message_parser.cc DEPS latchkey::http)

latchkey_fuzz(blob COVERS lib/secret/blob.cc DEPS latchkey::secret)
latchkey_fuzz(sealed_box COVERS lib/secret/sealed_box.cc DEPS latchkey::secret)
latchkey_fuzz(envelope COVERS lib/secret/envelope.cc lib/secret/blob.cc DEPS latchkey::secret)

latchkey_fuzz(key_format COVERS lib/provider/key_format.cc DEPS latchkey::provider)
latchkey_fuzz(carrier_signature COVERS lib/provider/carrier_signature.cc DEPS latchkey::provider)

latchkey_fuzz(ticket COVERS services/keyvault/adapters/convert.cc services/keyvault/domain/ticket.cc
  DEPS latchkey::keyvault_adapters)

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
