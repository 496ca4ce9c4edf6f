#include "search/endpoints/v1_refusal.hpp"

#include "access/endpoints/v1_refusals.hpp"

namespace movio::search {

http::Response v1_search_refusal(const http::Refusal& refusal, const http::RequestContext&) {
    if (auto common = access::v1_common_refusal(refusal)) return std::move(*common);
    JsonWriter json;
    json.begin_object().member("detail", refusal.error.message).end_object();
    return http::json_response(json.take(), refusal.status);
}

}  // namespace movio::search
