#include "embedding/oembed.hpp"

#include <array>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "embedding/markup.hpp"

namespace movio::embedding {
namespace {

constexpr std::int64_t kCacheSeconds = 3600;  // a film may be made private

struct Member {
    std::string_view name;
    std::variant<std::string, std::int64_t> value;
};

std::vector<Member> members_of(const FilmCard& card, const OembedBounds& bounds, std::string_view base_url) {
    const auto size = fitted(card.size, bounds.width_max, bounds.height_max);
    std::vector<Member> members{{"version", "1.0"},          {"type", "video"},
                                {"provider_name", "Movio"},  {"provider_url", std::string(base_url) + "/"},
                                {"title", card.title},       {"width", size.width},
                                {"height", size.height},     {"html", iframe(card.embed_url, card.title, size)},
                                {"cache_age", kCacheSeconds}};
    if (!card.attribution.empty()) members.push_back({"author_name", card.attribution});
    // No parameters of oEmbed, which lets providers add some (§2.3.4); others call them so.
    if (card.licence != nullptr) {
        members.push_back({"license", std::string(card.licence->name)});
        if (!card.licence->url.empty()) members.push_back({"license_url", std::string(card.licence->url)});
    }
    // It obeys the same bounds (§2.3.4), and is one picture that cannot be made smaller.
    const auto& poster = card.poster_size;
    const bool fits = poster.width <= bounds.width_max.value_or(poster.width) &&
                      poster.height <= bounds.height_max.value_or(poster.height);
    if (card.poster_url && fits) {
        members.push_back({"thumbnail_url", *card.poster_url});
        members.push_back({"thumbnail_width", poster.width});
        members.push_back({"thumbnail_height", poster.height});
    }
    return members;
}

std::string_view without_scheme(std::string_view url) {
    for (const std::string_view scheme : {"https://", "http://"})
        if (url.starts_with(scheme)) return url.substr(scheme.size());
    return {};
}

}  // namespace

std::optional<VideoId> film_at(std::string_view url, std::string_view base_url) {
    auto rest = url;
    if (!url.starts_with('/')) {
        rest = without_scheme(url);
        const auto base = without_scheme(base_url);
        if (base.empty() || !rest.starts_with(base)) return std::nullopt;
        rest.remove_prefix(base.size());
    }
    for (const std::string_view page : {"/watch/", "/embed/"}) {
        if (!rest.starts_with(page)) continue;
        rest.remove_prefix(page.size());
        return VideoId::parse(rest.substr(0, rest.find_first_of("?#/")));
    }
    return std::nullopt;
}

std::string oembed_json(const FilmCard& card, const OembedBounds& bounds, std::string_view base_url) {
    JsonWriter json;
    json.begin_object();
    for (const auto& [name, value] : members_of(card, bounds, base_url)) {
        json.key(name);
        if (const auto* text = std::get_if<std::string>(&value))
            json.value(std::string_view(*text));
        else
            json.value(std::get<std::int64_t>(value));
    }
    return json.end_object().take();
}

std::string oembed_xml(const FilmCard& card, const OembedBounds& bounds, std::string_view base_url) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<oembed>\n";
    for (const auto& [name, value] : members_of(card, bounds, base_url)) {
        const auto* text = std::get_if<std::string>(&value);
        xml.append("  <").append(name).append(">");
        xml += text != nullptr ? escaped(*text) : std::to_string(std::get<std::int64_t>(value));
        xml.append("</").append(name).append(">\n");
    }
    return xml + "</oembed>\n";
}

}  // namespace movio::embedding
