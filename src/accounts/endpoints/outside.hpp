#pragma once
#include <string>
#include <string_view>

#include "accounts/account_service.hpp"
#include "http/endpoint.hpp"

// What the endpoints have in common by which people come in at the word of others. Browsers are led there by links, so
// the answers are redirects.
namespace movio::accounts {

http::EndpointDescription outside_description(std::string path, std::string summary);

// The parameter `next`, and what a request says of it.
http::Parameter next_parameter();
std::string next_of(const http::Request& request);

// On to `next`, logged in.
http::Response entered_response(const LoggedIn& in, std::string_view next, std::string_view scheme);
// To the page for logging in, which says why.
http::Response not_entered_response(std::string_view refusal, std::string_view next);

}  // namespace movio::accounts
