#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "http/headers.hpp"

namespace movio::http {

struct ClientRequest {
    std::string method = "GET";
    std::string target = "/";
    Headers headers = {};
    std::string body = {};
    // Instead of `body`: fills the buffer and says how many bytes, 0 at the end. Without `body_bytes` the body is
    // chunked.
    std::function<std::size_t(std::span<char>)> body_source = {};
    std::optional<std::int64_t> body_bytes = {};
    // Instead of collecting the body of a 2xx answer: called with each piece; false stops reading.
    std::function<bool(std::string_view)> on_body = {};
};

struct ClientResponse {
    int status = 0;
    Headers headers;
    std::string body;
};

// A blocking HTTP client for the command line, over the server's Unix-domain socket. One request, one connection.
// Errors: unavailable (nobody listens), timeout (nothing moved for `idle`), too_large (a collected body above 64 MiB).
Result<ClientResponse> request(const std::filesystem::path& socket, const ClientRequest& request,
                               std::chrono::seconds idle = std::chrono::seconds(60));

}  // namespace movio::http
