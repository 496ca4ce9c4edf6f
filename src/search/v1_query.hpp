#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "search/search_index.hpp"

namespace movio::search {

// What a v1 client may ask of one kind of document.
struct V1Fields {
    std::vector<std::string_view> names;  // that `search=name:value` may name
};
V1Fields film_fields();   // title, description
V1Fields track_fields();  // language, content

// The query of a v1 search from its decoded parameters, in their order; scope and limit are the caller's. nullopt:
// nothing can match (an empty search, ids that are none). `invalid`, with a sentence for people, for a time that cannot
// be read and for more words than are searched at once. Unknown parameters and orders are passed over.
//   search=words         the words are OR-ed, those of several `search` too; search=field:words looks in that field
//   only ordering=±created_at ids=ID__ID           also several times created_at__gte|gt|lte|lt=TIME,
//   created_at__range=TIME__TIME
Result<std::optional<V1Query>> parse_v1(std::span<const std::pair<std::string, std::string>> parameters,
                                        const V1Fields& fields);

}  // namespace movio::search
