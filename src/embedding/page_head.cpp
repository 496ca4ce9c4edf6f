#include "embedding/page_head.hpp"

#include <fmt/format.h>

#include "base/percent_encode.hpp"
#include "catalog/video_text.hpp"
#include "embedding/markup.hpp"

namespace movio::embedding {
namespace {

constexpr std::size_t kDescriptionCharactersShown = 300;  // previews show less

// The first line or so, in one line.
std::string shortened(std::string_view text) {
    std::string line;
    for (const char c : text) line += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    if (catalog::characters(line) <= kDescriptionCharactersShown) return line;
    return catalog::first_characters(line, kDescriptionCharactersShown) + "…";
}

class Head {
public:
    void property(std::string_view name, std::string_view content) { meta("property", name, content); }
    void name(std::string_view name, std::string_view content) { meta("name", name, content); }
    void link(std::string_view kind, std::string_view type, std::string_view address) {
        const auto typed = type.empty() ? std::string() : fmt::format(R"( type="{}")", type);
        html_ += fmt::format("<link rel=\"{}\"{} href=\"{}\">\n", kind, typed, escaped(address));
    }
    std::string take() { return std::move(html_); }

private:
    void meta(std::string_view kind, std::string_view name, std::string_view content) {
        html_ += fmt::format("<meta {}=\"{}\" content=\"{}\">\n", kind, name, escaped(content));
    }

    std::string html_;
};

void add_size(Head& head, std::string_view of, Size size) {
    head.property(fmt::format("{}:width", of), std::to_string(size.width));
    head.property(fmt::format("{}:height", of), std::to_string(size.height));
}

void add_open_graph(Head& head, const FilmCard& card, const std::string& description) {
    head.property("og:site_name", "Movio");
    head.property("og:type", "video.other");
    head.property("og:title", card.title);
    if (!description.empty()) head.property("og:description", description);
    head.property("og:url", card.watch_url);
    if (card.poster_url) {
        head.property("og:image", *card.poster_url);
        head.property("og:image:type", "image/jpeg");
        add_size(head, "og:image", card.poster_size);
    }
    head.property("og:video", card.embed_url);
    if (card.embed_url.starts_with("https://")) head.property("og:video:secure_url", card.embed_url);
    head.property("og:video:type", "text/html");
    add_size(head, "og:video", card.size);
    if (card.duration_ms > 0) head.property("video:duration", std::to_string((card.duration_ms + 999) / 1000));
}

void add_twitter_card(Head& head, const FilmCard& card, const std::string& description) {
    head.name("twitter:card", "player");
    head.name("twitter:title", card.title);
    if (!description.empty()) head.name("twitter:description", description);
    if (card.poster_url) head.name("twitter:image", *card.poster_url);
    head.name("twitter:player", card.embed_url);
    head.name("twitter:player:width", std::to_string(card.size.width));
    head.name("twitter:player:height", std::to_string(card.size.height));
}

}  // namespace

std::string page_head(const FilmCard& card, std::string_view base_url) {
    Head head;
    const auto description = shortened(card.description);
    head.link("canonical", "", card.watch_url);
    for (const std::string_view format : {"json", "xml"})
        head.link("alternate", format == "json" ? "application/json+oembed" : "text/xml+oembed",
                  fmt::format("{}/oembed?format={}&url={}", base_url, format, percent_encode(card.watch_url)));
    if (card.licence != nullptr && !card.licence->url.empty()) head.link("license", "", card.licence->url);
    if (!card.listed) head.name("robots", "noindex");
    add_open_graph(head, card, description);
    add_twitter_card(head, card, description);
    return head.take();
}

}  // namespace movio::embedding
