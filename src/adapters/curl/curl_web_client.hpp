#pragma once
#include <string>

#include "async/pool.hpp"
#include "ports/web_client.hpp"

namespace movio {

// By libcurl, on threads of its own, so that a server that hangs holds up nobody but who asks it: one request has
// limits::kWebTime. Certificates are checked by the system's list of authorities; a proxy for requests that go out is
// taken from the environment as curl does (https_proxy, no_proxy). Throws PoolFull where too many wait (503).
class CurlWebClient final : public WebClient {
public:
    // `agent` is what it calls itself. Throws Failure where libcurl cannot be loaded.
    explicit CurlWebClient(std::string agent);
    Awaitable<Result<WebAnswer>> ask(WebRequest request) override;

private:
    std::string agent_;
    Pool threads_;
};

}  // namespace movio
