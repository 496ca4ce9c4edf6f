#pragma once
#include <cstddef>
#include <string>
#include <string_view>

// Secrets that whoever holds them may do something by: links, tokens.
namespace movio::access {

// From the system's generator; throws Failure when it gives none.
std::string random_bytes(std::size_t count);

// 256 random bits in base64url, 43 characters: nobody guesses one, so a plain hash of it is enough at rest.
std::string random_token();
// What is kept of a token: SHA-256 in 64 hexadecimal digits.
std::string token_hash(std::string_view token);
// The token that follows another one: whoever has that one and the salt makes the same, nobody else does
// (HMAC-SHA-256).
std::string successor_token(std::string_view token, std::string_view salt);

// The address of a page with the token behind the `#`, so that no server, log or Referer sees it:
// "<base>/join#<token>".
std::string page_with_token(std::string_view base_url, std::string_view page, std::string_view token);

}  // namespace movio::access
