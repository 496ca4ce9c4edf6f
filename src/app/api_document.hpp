#pragma once
#include "http/router.hpp"

namespace movio::app {

// GET /doc/openapi.json and GET /doc/postman.json: what the router holds by now, which must be all of the API.
void add_api_documents(http::Router& router);

}  // namespace movio::app
