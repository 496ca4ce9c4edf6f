#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <system_error>

namespace movio {
namespace {

constexpr std::array kCodes{
    ErrorCodeInfo{ErrorCode::invalid, "invalid", 400, "The request is not valid"},
    ErrorCodeInfo{ErrorCode::unauthorized, "unauthorized", 401, "Log in first"},
    ErrorCodeInfo{ErrorCode::forbidden, "forbidden", 403, "Not allowed"},
    ErrorCodeInfo{ErrorCode::not_found, "not-found", 404, "Not found"},
    ErrorCodeInfo{ErrorCode::method_not_allowed, "method-not-allowed", 405, "Method not allowed"},
    ErrorCodeInfo{ErrorCode::conflict, "conflict", 409, "Conflict with the present state"},
    ErrorCodeInfo{ErrorCode::length_required, "length-required", 411, "Length required"},
    ErrorCodeInfo{ErrorCode::precondition_failed, "precondition-failed", 412, "Precondition failed"},
    ErrorCodeInfo{ErrorCode::too_large, "too-large", 413, "Too large"},
    ErrorCodeInfo{ErrorCode::uri_too_long, "uri-too-long", 414, "Address too long"},
    ErrorCodeInfo{ErrorCode::unsupported_type, "unsupported-type", 415, "Content type not supported"},
    ErrorCodeInfo{ErrorCode::range_not_satisfiable, "range-not-satisfiable", 416, "Range not satisfiable"},
    ErrorCodeInfo{ErrorCode::headers_too_large, "headers-too-large", 431, "Header fields too large"},
    ErrorCodeInfo{ErrorCode::rate_limited, "rate-limited", 429, "Too many requests"},
    ErrorCodeInfo{ErrorCode::not_media, "not-media", 422, "Not a video or sound file"},
    ErrorCodeInfo{ErrorCode::damaged, "damaged", 422, "The file is damaged"},
    ErrorCodeInfo{ErrorCode::too_long, "too-long", 422, "Too long"},
    ErrorCodeInfo{ErrorCode::codec_unsupported, "codec-unsupported", 422, "The codec cannot be decoded"},
    ErrorCodeInfo{ErrorCode::encrypted, "encrypted", 422, "The file is encrypted"},
    ErrorCodeInfo{ErrorCode::no_space, "no-space", 507, "No space left"},
    ErrorCodeInfo{ErrorCode::timeout, "timeout", 504, "Took too long"},
    ErrorCodeInfo{ErrorCode::cancelled, "cancelled", 409, "Cancelled"},
    ErrorCodeInfo{ErrorCode::unavailable, "unavailable", 503, "Not available right now"},
    ErrorCodeInfo{ErrorCode::not_implemented, "not-implemented", 501, "Not supported"},
    ErrorCodeInfo{ErrorCode::internal, "internal", 500, "Something failed inside"},
};

}  // namespace

std::span<const ErrorCodeInfo> error_codes() { return kCodes; }

const ErrorCodeInfo& info(ErrorCode code) {
    const auto found = std::ranges::find(kCodes, code, &ErrorCodeInfo::code);
    return found == kCodes.end() ? kCodes.back() : *found;
}

std::string_view to_text(ErrorCode code) { return info(code).text; }

ErrorCode error_code_from_text(std::string_view text) {
    const auto found = std::ranges::find(kCodes, text, &ErrorCodeInfo::text);
    return found == kCodes.end() ? ErrorCode::internal : found->code;
}

std::string system_message(int error_number) { return std::generic_category().message(error_number); }

}  // namespace movio
