#include "access/endpoints/v1_refusals.hpp"

#include <algorithm>
#include <array>

namespace movio::access {
namespace {

struct TokenText {
    std::string_view instance;
    std::string_view message;
};

constexpr std::array kTokenTexts{
    TokenText{"jwt-header-malformed", "Log in, and send the access token as 'Authorization: Bearer TOKEN'."},
    TokenText{"jwt-signature-expired", "The access token has run out. Log in again."},
    TokenText{"jwt-decode-error", "The access token is not valid. Log in again."},
};

}  // namespace

std::optional<http::Response> v1_common_refusal(const http::Refusal& refusal) {
    JsonWriter json;
    json.begin_object().member("status", "error");
    if (refusal.status == 401) {
        const auto* text = std::ranges::find(kTokenTexts, refusal.instance, &TokenText::instance);
        if (text == kTokenTexts.end()) return std::nullopt;
        json.member("detail", text->instance).member("message", text->message);
    } else if (refusal.status == 429) {
        json.member("detail", "rate-limit-exceeded").member("message", refusal.error.message);
        json.key("data").begin_object().member("wait_time", refusal.retry_after_s).end_object();
    } else {
        return std::nullopt;
    }
    json.end_object();
    return http::json_response(json.take(), refusal.status);
}

}  // namespace movio::access
