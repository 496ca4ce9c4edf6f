#include "accounts/endpoints/outside.hpp"

#include <fmt/format.h>

#include "access/endpoints/session_cookie.hpp"
#include "accounts/next_page.hpp"
#include "base/percent_encode.hpp"

namespace movio::accounts {
namespace {

http::Response led_to(std::string_view address) {
    auto response = http::redirect(address);
    response.headers.set("Cache-Control", "no-store");
    // Codes of providers stand in addresses that lead here.
    response.headers.set("Referrer-Policy", "no-referrer");
    return response;
}

}  // namespace

http::EndpointDescription outside_description(std::string path, std::string summary) {
    http::EndpointDescription description;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "session";
    description.rate = http::RateClass::login;
    description.cross_origin = http::CrossOrigin::none;
    description.errors = {ErrorCode::not_found, ErrorCode::rate_limited, ErrorCode::unavailable};
    return description;
}

http::Parameter next_parameter() {
    return {"next",
            http::Place::query,
            http::ParameterType::text,
            {.help = "The page of this server to go on to; / if not said."}};
}

std::string next_of(const http::Request& request) { return next_page(request.head.query.find("next").value_or("/")); }

http::Response entered_response(const LoggedIn& in, std::string_view next, std::string_view scheme) {
    auto response = led_to(next);
    response.headers.add("Set-Cookie", access::session_cookie(scheme, in.tokens.access, in.tokens.lifetime_s));
    return response;
}

http::Response not_entered_response(std::string_view refusal, std::string_view next) {
    return led_to(fmt::format("/login?refused={}&next={}", refusal, percent_encode(next)));
}

}  // namespace movio::accounts
