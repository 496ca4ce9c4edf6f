#pragma once
#include <string>
#include <vector>

#include "http/router.hpp"

namespace movio::http {

// Adds what lets pages of other origins read this answer (Fetch §3.2). Media: anyone. API: the origins of the settings.
void allow_origin(Headers& answer, const Headers& request, CrossOrigin kind,
                  const std::vector<std::string>& api_origins);

// The answer to OPTIONS on a path that has these endpoints; also to a browser's preflight.
Response options_response(const RequestHead& head, const Router::OtherMethods& known,
                          const std::vector<std::string>& api_origins);

}  // namespace movio::http
