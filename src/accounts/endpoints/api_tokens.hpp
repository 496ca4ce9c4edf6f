#pragma once
#include "accounts/api_tokens.hpp"
#include "http/router.hpp"

namespace movio::accounts {

// GET and POST /api/v2/api-tokens, DELETE /api/v2/api-tokens/{id}: one's tokens for programs. The service outlives the
// router.
void add_api_token_endpoints(http::Router& router, ApiTokens& tokens);

}  // namespace movio::accounts
