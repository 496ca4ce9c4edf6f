#pragma once
#include "http/endpoint.hpp"

namespace movio::search {

// How the v1 searches say no: `{"detail":TEXT}`.
http::Response v1_search_refusal(const http::Refusal& refusal, const http::RequestContext& context);

}  // namespace movio::search
