#include "search/endpoints/v1_refusal.hpp"

namespace movio::search {

http::Response v1_search_refusal(const http::Refusal& refusal, const http::RequestContext&) {
    JsonWriter json;
    json.begin_object().member("detail", refusal.error.message).end_object();
    return http::json_response(json.take(), refusal.status);
}

}  // namespace movio::search
