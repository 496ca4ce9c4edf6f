#pragma once
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace movio {

// What went wrong, as a client and an operator can act on it. One table (`error_codes`) gives each code its stable
// text (RFC 9457 `type` = /doc/problems/<text>, and `failure.code` of a video), HTTP status and title.
enum class ErrorCode {
    invalid,
    unauthorized,
    forbidden,
    not_found,
    method_not_allowed,
    conflict,
    length_required,
    precondition_failed,
    too_large,
    uri_too_long,
    unsupported_type,
    range_not_satisfiable,
    headers_too_large,
    rate_limited,
    not_media,
    damaged,
    too_long,
    codec_unsupported,
    encrypted,
    no_space,
    timeout,
    cancelled,
    unavailable,
    not_implemented,
    internal,
};

struct ErrorCodeInfo {
    ErrorCode code;
    std::string_view text;
    int http_status;
    std::string_view title;
};

std::span<const ErrorCodeInfo> error_codes();
const ErrorCodeInfo& info(ErrorCode code);
std::string_view to_text(ErrorCode code);
// Unknown text is `internal`: a code from a newer version must still be shown as a failure.
ErrorCode error_code_from_text(std::string_view text);
// What the system says of an errno. Thread-safe.
std::string system_message(int error_number);

// A mistake or state that the caller can act on. `message` is for people outside: what failed, on what, what to do;
// `detail` is for the log alone and may name internals, never secrets.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;
    std::string detail;
};

// An outage or a bug. Caught in exactly three places: the HTTP session, the task runner and main.
class Failure : public std::runtime_error {
public:
    explicit Failure(const std::string& what_failed) : std::runtime_error(what_failed) {}
};

// The outage that ends when somebody makes room: a full disk or quota. Answered as `no_space`, not as `internal`.
class NoSpace : public Failure {
public:
    using Failure::Failure;
};

}  // namespace movio
