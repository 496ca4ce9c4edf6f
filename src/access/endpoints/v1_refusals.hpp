#pragma once
#include <optional>

#include "http/endpoint.hpp"

namespace movio::access {

// The answers that are alike in every v1 endpoint, for their refusal shapes to ask first: a token that does not count
// (401 whose instance is `jwt-header-malformed`, `jwt-signature-expired` or `jwt-decode-error`) and too many requests
// (429). nullopt for all others, a 401 without such an instance among them.
std::optional<http::Response> v1_common_refusal(const http::Refusal& refusal);

}  // namespace movio::access
