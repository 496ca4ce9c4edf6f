#include "search/v1_query.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "catalog/video_text.hpp"
#include "search/iso_time.hpp"
#include "search/search_text.hpp"

namespace movio::search {
namespace {

using catalog::trimmed;

constexpr std::size_t kTermsMax = 100;  // each one is a list of the index to walk along
constexpr std::string_view kSeparator = "__";
constexpr std::string_view kTimeFilter = "created_at__";

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(kSeparator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + kSeparator.size());
    }
}

void add_terms(V1Query& query, std::string_view text, const V1Fields& fields) {
    std::string field;
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        const auto name = trimmed(text.substr(0, colon));
        if (std::ranges::find(fields.names, name) != fields.names.end()) {
            field = name;
            text.remove_prefix(colon + 1);
        }
    }
    for (auto& term : query_terms(text)) query.terms.push_back({field, std::move(term)});
}

Result<TimeSpan> read_time(std::string_view name, std::string_view text) {
    const auto span = parse_time(trimmed(text));
    if (!span)
        return fail(ErrorCode::invalid,
                    fmt::format("'{}' is no time: '{}'. Write it like 2026-03-01 or 2026-03-01T10:00:00Z.", name,
                                text.substr(0, 40)));
    return *span;
}

void not_before(V1Query& query, std::int64_t time_us) {
    query.created_from_us = std::max(query.created_from_us.value_or(time_us), time_us);
}

void not_after(V1Query& query, std::int64_t time_us) {
    query.created_until_us = std::min(query.created_until_us.value_or(time_us), time_us);
}

Result<void> add_range(V1Query& query, std::string_view name, std::string_view value) {
    const auto ends = split(value);
    if (ends.size() > 2)
        return fail(ErrorCode::invalid, fmt::format("'{}' takes two times with '__' between them.", name));
    const auto from = read_time(name, ends[0]);
    if (!from) return std::unexpected(from.error());
    not_before(query, from->first_us);
    if (ends.size() == 1) return {};
    const auto until = read_time(name, ends[1]);
    if (!until) return std::unexpected(until.error());
    not_after(query, until->last_us);
    return {};
}

Result<void> add_time_filter(V1Query& query, std::string_view name, std::string_view value) {
    const auto kind = name.substr(kTimeFilter.size());
    if (kind == "range") return add_range(query, name, value);
    if (kind != "gte" && kind != "gt" && kind != "lte" && kind != "lt") return {};
    const auto time = read_time(name, value);
    if (!time) return std::unexpected(time.error());
    if (kind == "gte") not_before(query, time->first_us);
    if (kind == "gt") not_before(query, time->last_us + 1);
    if (kind == "lte") not_after(query, time->last_us);
    if (kind == "lt") not_after(query, time->first_us - 1);
    return {};
}

// The index knows ids as text in lower case; what is none has no document.
void add_ids(V1Query& query, std::string_view value) {
    for (const auto part : split(value))
        if (const auto id = Uuid::parse(trimmed(part))) query.ids.push_back(id->text());
}

}  // namespace

V1Fields film_fields() { return {{"title", "description"}}; }
V1Fields track_fields() { return {{"language", "content"}}; }

Result<std::optional<V1Query>> parse_v1(std::span<const std::pair<std::string, std::string>> parameters,
                                        const V1Fields& fields) {
    V1Query query;
    bool searches = false;
    bool names_ids = false;
    for (const auto& [name, value] : parameters) {
        if (name == "search") {
            searches = true;
            add_terms(query, value, fields);
        } else if (name == "ids") {
            names_ids = true;
            add_ids(query, value);
        } else if (name == "ordering") {
            if (value == "created_at") query.oldest_first = true;
            if (value == "-created_at") query.oldest_first = false;
        } else if (name.starts_with(kTimeFilter)) {
            if (auto added = add_time_filter(query, name, value); !added) return std::unexpected(added.error());
        }
    }
    if (query.terms.size() > kTermsMax)
        return fail(ErrorCode::invalid, fmt::format("A search takes at most {} words.", kTermsMax));
    if ((searches && query.terms.empty()) || (names_ids && query.ids.empty())) return std::nullopt;
    return query;
}

}  // namespace movio::search
