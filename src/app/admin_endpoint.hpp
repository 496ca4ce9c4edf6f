#pragma once
#include <string>

#include "http/endpoint.hpp"

namespace movio::app {

// Endpoints of the socket in the data folder, by which commands ask a running server: for admins, and for no browser.
http::EndpointDescription admin_endpoint(http::Method method, std::string path, std::string summary);
// The same with a JSON object as the body.
http::EndpointDescription with_json_body(http::EndpointDescription description);

// One of the API, for administrators.
http::EndpointDescription public_admin_endpoint(http::Method method, std::string path, std::string summary);

}  // namespace movio::app
