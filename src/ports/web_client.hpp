#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/asio.hpp"
#include "base/result.hpp"

namespace movio {

// Names and values; encoded as application/x-www-form-urlencoded where they are sent.
using WebForm = std::vector<std::pair<std::string, std::string>>;

// One request to another server. Tokens and passwords in it are secrets, and no error tells them.
struct WebRequest {
    std::string url;
    std::optional<WebForm> form = {};  // POST; else GET
    std::string bearer = {};           // a token
    std::string user = {};             // with a password: Basic (RFC 7617)
    std::string password = {};
};

struct WebAnswer {
    int status = 0;
    std::string content_type;  // as sent
    std::string body;
};

// "a=b&c=d", each part encoded.
std::string encode_form(const WebForm& form);

// Whether an address may be asked: https, or plain http on this machine alone, without a user in it. Whoever looks
// at what is asked there must not be on the way.
bool may_be_asked(std::string_view url);

// Port: asks other servers. Redirects are not followed. Thread-safe.
class WebClient {
public:
    virtual ~WebClient() = default;
    // Errors: `invalid` (an address that may not be asked), `unavailable` (not reached, or its certificate does not
    // count; `detail` says why), `timeout`, `too_large`. An answer of any status is an answer.
    virtual Awaitable<Result<WebAnswer>> ask(WebRequest request) = 0;
};

}  // namespace movio
